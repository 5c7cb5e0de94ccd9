"""Saved views: a list's filters by a name, one's own alone, without JavaScript."""

import pytest
from django.urls import reverse

from core.models import SavedView
from core.roles import Role
from core.services import saved_views

pytestmark = [pytest.mark.req("OPS-05"), pytest.mark.django_db]
BOOKS = reverse("admin:catalog_book_changelist")
SAVE = reverse("admin:saved_view")


def keep(client, name="Cheap", query="priced=yes&o=4&p=3", page="catalog.book"):
    return client.post(SAVE, {"page": page, "query": query, "name": name})


def delete(client, view):
    return client.post(reverse("admin:saved_view_delete", args=[view.pk]))


def test_view_is_kept_without_its_page_and_shown_on_the_list(manager):
    answer = keep(manager, name="  Cheap   ones ")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{BOOKS}?priced=yes&o=4")
    view = SavedView.objects.get()
    assert (view.owner_id, view.page, view.name, view.query) == (
        *(manager.user.pk, "catalog.book"),
        *("Cheap ones", "priced=yes&o=4"),
    )
    page = manager.get(BOOKS).content.decode()
    assert ('href="?priced=yes&amp;o=4"' in page, "Cheap ones" in page) == (True, True)
    assert 'aria-current="true"' in manager.get(f"{BOOKS}?priced=yes&o=4&p=0").content.decode()
    assert (
        "Cheap ones" not in manager.get(reverse("admin:catalog_work_changelist")).content.decode()
    )


def test_view_of_the_same_name_is_replaced(manager):
    keep(manager)
    keep(manager, query="lacks=cover")
    assert list(SavedView.objects.values_list("name", "query")) == [("Cheap", "lacks=cover")]


def test_nobody_sees_or_deletes_what_another_keeps(desk, manager):
    keep(manager)
    view = SavedView.objects.get()
    employee = desk(Role.EMPLOYEE)
    assert "Cheap" not in employee.get(BOOKS).content.decode()
    assert delete(employee, view).status_code == 404
    assert SavedView.objects.count() == 1
    answer = delete(manager, view)
    assert (answer.status_code, answer.headers["Location"]) == (303, BOOKS)
    assert SavedView.objects.count() == 0


@pytest.mark.parametrize("page", ["core.auditentry", "accounts.user", "no.such", "", "auth.group"])
def test_lists_that_a_role_may_not_see_are_not_kept(desk, page):
    assert keep(desk(Role.EMPLOYEE), page=page).status_code == 404
    assert SavedView.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "query"),
    [
        *(("", "q=a"), ("  ", "q=a"), ("x" * 61, "q=a"), ("x", "q=" + "a" * 1_000)),
        ("a\x00b", "q=a"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(manager, name, query):
    answer = manager.post(SAVE, {"page": "catalog.book", "query": query, "name": name}, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert SavedView.objects.count() == 0


def test_views_of_a_list_are_limited(manager, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST_PER_PAGE", 2)
    for name in ("a", "b", "c"):
        keep(manager, name=name)
    keep(manager, name="b", query="q=new")
    keep(manager, name="c", page="catalog.work")
    kept = SavedView.objects.order_by("pk").values_list("page", "name", "query")
    plain = "priced=yes&o=4"
    assert list(kept) == [
        ("catalog.book", "a", plain),
        ("catalog.book", "b", "q=new"),
        ("catalog.work", "c", plain),
    ]


def test_only_a_form_changes_anything(manager):
    keep(manager)
    view = SavedView.objects.get()
    answers = [
        manager.get(SAVE).status_code,
        manager.get(reverse("admin:saved_view_delete", args=[view.pk])).status_code,
    ]
    assert (answers, SavedView.objects.count()) == ([405, 405], 1)


def test_query_leads_nowhere_else(manager):
    answer = keep(manager, query="https://elsewhere.example/?q=a\r\nX: y")
    assert answer.headers["Location"].startswith(f"{BOOKS}?")
    assert "\n" not in answer.headers["Location"]
