import pytest
from django.urls import reverse

from engagement.tests.factories import StaffPickFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("ENGM-06")]


@pytest.mark.parametrize("rows", [1, 3])
def test_picks_show_notes_in_a_constant_number_of_queries(client, rows, django_assert_num_queries):
    for number in range(rows):
        StaffPickFactory(note=f"Note {number}")
    with django_assert_num_queries(4):
        response = client.get(reverse("engagement:picks"))
    assert [f"Note {number}" in response.text for number in range(rows)] == [True] * rows


def test_no_picks_yet_is_said(client):
    response = client.get(reverse("engagement:picks"))
    assert response.status_code == 200
    assert "our booksellers are still reading" in response.text


def test_page_past_the_end_is_not_found(client):
    assert client.get(reverse("engagement:picks"), {"page": 2}).status_code == 404
