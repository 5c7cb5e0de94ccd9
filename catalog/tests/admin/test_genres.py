"""Genres on the staff desk: an outline, moved and withdrawn through services."""

import re

import pytest

from catalog.models import Genre, GenreCode
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


def act(client, action, *genres):
    said = {"action": action, "_selected_action": [genre.pk for genre in genres]}
    return client.post(LIST, said, follow=True)


def order_of(parent):
    return list(
        Genre.objects.filter(parent=parent).order_by("position").values_list("name", flat=True)
    )


def test_list_counts_the_books_and_those_without_a_genre(manager, tree):
    fiction, crime = tree
    BookFactory(genres=[crime, fiction])
    BookFactory(genres=[crime])
    lost = BookFactory(title="Lost")
    page = manager.get(LIST)
    counts = re.findall(r'class="field-books[^"]*"[^>]*>\s*(\d+)', page.content.decode())
    assert counts == ["2", "2", "0"]
    assert "1 book is without a genre." in page.content.decode()
    found = manager.get("/admin/catalog/book/?genre=none").context["cl"].result_list
    assert [book.pk for book in found] == [lost.pk]


def test_genres_move_up_and_down_among_their_siblings(manager, tree):
    fiction, _crime = tree
    for name in ("A", "B", "C"):
        GenreFactory(name=name, parent=fiction)
    genre = {each.name: each for each in Genre.objects.all()}

    act(manager, "move_up", genre["C"])
    assert order_of(fiction) == ["A", "C", "B", "Crime"]
    act(manager, "move_down", genre["A"], genre["B"])
    assert order_of(fiction) == ["C", "A", "Crime", "B"]
    act(manager, "move_up", genre["C"])
    assert order_of(fiction) == ["C", "A", "Crime", "B"]
    assert AuditEntry.objects.filter(action="genre.reordered").count() == 3
    assert order_of(None) == ["Fiction", "Art"]


def test_merged_genre_hands_on_its_books_and_codes(manager, tree):
    _fiction, crime = tree
    art = Genre.objects.get(name="Art")
    both, one = BookFactory(genres=[crime, art]), BookFactory(genres=[crime])
    GenreCode.objects.create(code="FF", genre=crime)
    said = {"_form_submitted": "on", "into": art.pk}
    answer = manager.post(page(crime, "merge"), said, follow=True)

    assert "1 book moved." in answer.content.decode()
    for book in (both, one):
        assert [link.genre_id for link in book.genre_links.all()] == [art.pk]
        book.refresh_from_db()
        assert book.version == 2
    crime.refresh_from_db()
    assert (crime.deleted_at is None, GenreCode.objects.get().genre) == (False, art)
    entry = AuditEntry.objects.get(action="genre.merged")
    assert (entry.entity_id, entry.new_value) == (
        str(art.pk),
        {"merged": crime.pk, "books": 1, "codes": 1},
    )


def test_merge_that_cannot_be_is_refused(manager, tree):
    fiction, _crime = tree
    art = Genre.objects.get(name="Art")
    for genre, into, says in (
        (fiction, art, "Withdraw or move the genres below it first."),
        (art, art, "This is the same genre."),
    ):
        said = {"_form_submitted": "on", "into": into.pk}
        answer = manager.post(page(genre, "merge"), said, follow=True)
        assert says in answer.content.decode()
    assert (Genre.objects.active().count(), AuditEntry.objects.count()) == (3, 0)


def test_codes_are_kept_on_the_genres_page(manager, tree):
    _fiction, crime = tree
    GenreCode.objects.create(code="FF", genre=crime)
    said = filled(manager.get(page(crime))) | {
        "codes-TOTAL_FORMS": 2,
        "codes-1-scheme": "BISAC",
        "codes-1-code": " fic022 ",
    }
    assert manager.post(page(crime), said).status_code == 302
    assert set(crime.codes.values_list("scheme", "code")) == {("THEMA", "FF"), ("BISAC", "FIC022")}
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.old_value) == ("genre.codes_changed", {"codes": ["THEMA FF"]})

    said = filled(manager.get(page(crime))) | {"codes-0-DELETE": "on", "codes-1-DELETE": "on"}
    manager.post(page(crime), said)
    assert GenreCode.objects.count() == 0


def test_code_of_another_genre_is_refused(manager, tree):
    fiction, crime = tree
    GenreCode.objects.create(code="FF", genre=crime)
    said = filled(manager.get(page(fiction))) | {
        "codes-TOTAL_FORMS": 1,
        "codes-0-scheme": "THEMA",
        "codes-0-code": "ff",
    }
    assert manager.post(page(fiction), said).status_code != 302
    assert (GenreCode.objects.get().genre, AuditEntry.objects.count()) == (crime, 0)


def test_codes_have_a_list_with_search(manager, tree):
    _fiction, crime = tree
    codes = "/admin/catalog/genrecode/"
    said = {"scheme": "THEMA", "code": "ffp", "genre": crime.pk}
    assert manager.post(f"{codes}add/", said).status_code == 302
    GenreCode.objects.create(code="YF", genre=Genre.objects.get(name="Art"))
    for term in ("ff", "crim"):
        found = manager.get(codes, {"q": term}).context["cl"].result_list
        assert [row.code for row in found] == ["FFP"]
    assert AuditEntry.objects.get().action == "genre_code.created"
