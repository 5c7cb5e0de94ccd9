"""Every list of the staff desk: constant queries, search and filters that take anything."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.roles import Role
from tests.staff import rows
from tests.staff.test_access import LABELS, admin_of, url

# Session, user, saved views, count, rows; what is above that belongs to filters and to the tree of
# genres.
QUERIES = {
    "accounts.user": 5,
    "catalog.book": 6,
    "catalog.branch": 5,
    "catalog.contributor": 5,
    "catalog.cover": 5,
    "catalog.genre": 8,
    "catalog.genrecode": 5,
    "catalog.importrun": 5,
    "catalog.inventory": 6,
    "catalog.priceedit": 5,
    "catalog.publisher": 5,
    "catalog.series": 5,
    "catalog.stockmovement": 6,
    "catalog.stockrequest": 6,
    "catalog.work": 5,
    "commerce.deliveryslot": 5,
    "commerce.order": 6,
    "commerce.payment": 5,
    "core.auditentry": 7,
    "engagement.staffpick": 6,
}
HOSTILE = [
    "'; DROP TABLE x; --",
    "a:* | !b & (",
    "\\",
    "%_%",
    "978",
    "🙂" * 90,
    '"',
    "-",
    "0" * 200,
]


def queries_of(client, path):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.req("CATL-01")
@pytest.mark.django_db
@pytest.mark.parametrize("label", LABELS)
def test_list_asks_the_same_questions_at_one_and_three_rows(desk, label):
    client = desk(Role.ADMIN)
    client.get(reverse("admin:index"))  # counts the badges, for the next half minute
    rows.everything()
    at_one = queries_of(client, url(label, "changelist"))
    rows.everything()
    rows.everything()
    assert (at_one, queries_of(client, url(label, "changelist"))) == (QUERIES[label],) * 2


@pytest.mark.req("CATL-01")
@pytest.mark.django_db
@pytest.mark.parametrize("label", LABELS)
def test_search_takes_anything(desk, label):
    client = desk(Role.ADMIN)
    rows.everything()
    searches = admin_of(label).search_fields
    answers = [client.get(url(label, "changelist"), {"q": said}).status_code for said in HOSTILE]
    assert answers == [200] * len(HOSTILE) if searches else True


@pytest.mark.req("CATL-01")
@pytest.mark.django_db
def test_palette_takes_anything(desk):
    client = desk(Role.ADMIN)
    rows.everything()
    for said in HOSTILE:
        assert client.get(reverse("admin:search"), {"s": said, "page": "x"}).status_code == 200


@pytest.mark.req("CATL-01")
@pytest.mark.django_db
def test_palette_shows_the_first_few_rows_of_each_kind(desk):
    client = desk(Role.ADMIN)
    for _ in range(8):
        rows.whole_book(title="Palette")
    page = client.get(reverse("admin:search"), {"s": "palette"}).content.decode()
    assert page.count(url("catalog.book", "changelist")) == 5


@pytest.mark.req("CATL-01")
@pytest.mark.django_db
@pytest.mark.parametrize("label", LABELS)
def test_rows_can_be_filtered_by_everything_offered(desk, label):
    client = desk(Role.ADMIN)
    rows.everything()
    listed = client.get(url(label, "changelist"))
    for spec in listed.context["cl"].filter_specs:
        for name in spec.expected_parameters():
            for value in ("1", "yes", "no", "ON", "2026-11-01", "nonsense"):
                answer = client.get(url(label, "changelist"), {name: value})
                assert answer.status_code in (200, 302), (name, value)


@pytest.mark.req("CATL-01")
@pytest.mark.django_db
def test_autocompletes_answer_those_who_may_edit(desk):
    rows.everything()
    fields = [
        ("catalog", "book", "publisher"),
        ("catalog", "book", "series"),
        ("catalog", "book", "work"),
        ("catalog", "bookcontributor", "contributor"),
        ("catalog", "bookgenre", "genre"),
        ("catalog", "genre", "parent"),
        ("engagement", "staffpick", "book"),
    ]
    client = desk(Role.MANAGER)
    for app, model, field in fields:
        query = {"app_label": app, "model_name": model, "field_name": field, "term": ""}
        answer = client.get(reverse("admin:autocomplete"), query)
        assert len(answer.json()["results"]) >= 1, field


@pytest.mark.req("CATL-01")
def test_no_list_counts_further_than_it_shows():
    assert {each.show_full_result_count for each in map(admin_of, LABELS)} == {False}
    assert admin.site.name == "admin"


@pytest.mark.req("CATL-01")
@pytest.mark.django_db
def test_empty_list_offers_to_widen_only_what_was_narrowed(desk):
    employee = desk(Role.EMPLOYEE)
    path = url("commerce.order", "changelist")

    empty = employee.get(path).content.decode()
    narrowed = employee.get(path, {"q": "nobody"}).content.decode()

    assert ("Nothing here yet" in empty, "Reset filters" in empty) == (True, False)
    assert ("Nothing found" in narrowed, "Reset filters" in narrowed) == (True, True)
