"""Light, dark, or as the device is."""

import pytest
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.req("DISC-05")]
PATH = "/preferences/"


@pytest.mark.parametrize(
    ("theme", "attribute"),
    [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ("auto", "")],
)
def test_choice_is_kept_in_a_cookie(client, theme, attribute):
    response = client.post(PATH, {"theme": theme})
    assert (response.status_code, response["Location"]) == (303, reverse("preferences"))
    assert response.cookies["theme"]["httponly"]
    page = client.get(PATH).text
    assert f'<html lang="en"{attribute}>' in page
    assert '<p class="message success">Saved.</p>' in page
    assert "Saved." not in client.get(PATH).text


def test_unknown_theme_is_refused_in_words(client):
    response = client.post(PATH, {"theme": "pink"})
    assert response.status_code == 422
    assert "<title>Error: " in response.text
    assert 'role="alert"' in response.text
    assert '<a href="#id_theme_0">' in response.text
    assert "theme" not in response.cookies


def test_cookie_from_elsewhere_changes_nothing(client):
    client.cookies["theme"] = '"><script>'
    assert '<html lang="en">' in client.get(PATH).text
