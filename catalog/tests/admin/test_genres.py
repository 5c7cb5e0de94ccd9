"""Genres on the staff desk: an outline, moved and withdrawn through services."""

import pytest

from catalog.models import Genre
from catalog.services import search_index
from catalog.tests.factories import BookFactory, GenreFactory
from core.models import AuditEntry
from tests.staff.forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-02")]
LIST = "/admin/catalog/genre/"


def page(genre, what="change"):
    return f"{LIST}{genre.pk}/{what}/"


@pytest.fixture
def tree():
    fiction = GenreFactory(name="Fiction", position=1)
    crime = GenreFactory(name="Crime", parent=fiction)
    GenreFactory(name="Art", position=2)
    return fiction, crime


def test_list_shows_the_tree_as_an_outline(manager, tree):
    GenreFactory(name="Noir", parent=tree[1])
    shown = manager.get(LIST).context["cl"].result_list
    assert [(genre.name, genre.tree_depth) for genre in shown] == [
        ("Fiction", 0),
        ("Crime", 1),
        ("Noir", 2),
        ("Art", 0),
    ]


def test_ring_is_refused_on_the_form_and_nothing_changes(manager, tree):
    fiction, crime = tree
    response = manager.post(page(fiction), filled(manager.get(page(fiction)), parent=crime.pk))
    assert response.status_code == 409
    assert "A genre cannot be part of itself" in response.content.decode()
    fiction.refresh_from_db()
    assert (fiction.parent, AuditEntry.objects.count()) == (None, 0)


def test_renamed_and_moved_genre_takes_its_books_along(manager, tree):
    _fiction, crime = tree
    book = BookFactory(genres=[crime])
    search_index.index_books([book.pk])
    data = filled(manager.get(page(crime)), name="Mysteries", parent="")
    assert manager.post(page(crime), data).status_code == 302
    crime.refresh_from_db()
    assert (crime.name, crime.parent) == ("Mysteries", None)
    found = manager.get("/admin/catalog/book/", {"q": "mysteries"}).context["cl"].result_list
    assert [each.pk for each in found] == [book.pk]
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "genre.moved",
        "genre.changed",
    ]
    assert AuditEntry.objects.last().new_value == {"name": "Mysteries"}


def test_new_genre_comes_through_the_service(manager, tree):
    add = f"{LIST}add/"
    data = filled(manager.get(add), name="Poetry", slug="poetry", parent=tree[0].pk)
    assert manager.post(add, data).status_code == 302
    assert Genre.objects.get(slug="poetry").parent == tree[0]
    assert AuditEntry.objects.get().action == "genre.created"


def test_genre_with_others_below_is_not_withdrawn(manager, tree):
    fiction, crime = tree
    answer = manager.post(page(fiction, "withdraw"), {"_form_submitted": "on"}, follow=True)
    assert "Withdraw or move the genres below it first." in answer.content.decode()
    assert Genre.objects.active().count() == 3
    for genre in (crime, fiction):
        manager.post(page(genre, "withdraw"), {"_form_submitted": "on"})
    assert Genre.objects.active().count() == 1
    answer = manager.post(page(crime, "put_back"), {"_form_submitted": "on"}, follow=True)
    assert "Put back the genre it is part of first" in answer.content.decode()
    for genre in (fiction, crime):
        manager.post(page(genre, "put_back"), {"_form_submitted": "on"})
    assert Genre.objects.active().count() == 3
