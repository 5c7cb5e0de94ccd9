"""The tree of genres."""

import pytest
from django.utils import timezone

from catalog import errors
from catalog.models import Book, Genre
from catalog.selectors import books
from catalog.selectors.book_filters import BookQuery
from catalog.services import genres, search_index
from catalog.tests.factories import BookFactory, GenreFactory
from core.errors import Invalid
from core.models import AuditEntry
from core.pagination import Window

pytestmark = pytest.mark.django_db


def move(genre_id, parent_id):
    return genres.change_genre(genre_id=genre_id, changes={"parent_id": parent_id}, actor_id=None)


@pytest.mark.req("CATL-02")
def test_create_genre_makes_an_address_and_an_audit_row():
    top = GenreFactory()
    genre = genres.create_genre(name=" Epic  fantasy ", parent_id=top.pk, actor_id=None)
    assert (genre.name, genre.slug, genre.parent_id) == ("Epic fantasy", "epic-fantasy", top.pk)
    assert AuditEntry.objects.get(action="genre.created").entity_id == str(genre.pk)


@pytest.mark.req("CATL-02")
def test_create_genre_with_a_taken_address_is_invalid():
    GenreFactory(slug="crime")
    with pytest.raises(Invalid) as caught:
        genres.create_genre(name="Crime", actor_id=None)
    assert list(caught.value.data["fields"]) == ["slug"]
    assert Genre.objects.count() == 1


@pytest.mark.req("CATL-02")
@pytest.mark.parametrize("name", ["", "   "])
def test_create_genre_without_a_name_is_invalid(name):
    with pytest.raises(Invalid):
        genres.create_genre(name=name, actor_id=None)
    assert Genre.objects.count() == 0


@pytest.mark.req("CATL-02")
def test_create_genre_below_an_unknown_one_is_not_found():
    with pytest.raises(errors.GenreNotFound):
        genres.create_genre(name="Crime", parent_id=0, actor_id=None)
    assert Genre.objects.count() == 0


@pytest.mark.req("CATL-02")
def test_move_genre_to_the_top_and_below_another():
    top = GenreFactory()
    child = GenreFactory(parent=top)
    other = GenreFactory()
    assert move(child.pk, None).parent_id is None
    move(child.pk, other.pk)
    child.refresh_from_db()
    assert child.parent_id == other.pk
    assert AuditEntry.objects.filter(action="genre.moved").count() == 2


@pytest.mark.req("CATL-02")
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_move_genre_below_itself_or_its_descendants_is_refused(depth):
    line = [GenreFactory()]
    line.append(GenreFactory(parent=line[0]))
    line.append(GenreFactory(parent=line[1]))
    with pytest.raises(errors.GenreCycle) as caught:
        move(line[0].pk, line[depth].pk)
    assert caught.value.code == "GENRE_CYCLE"
    line[0].refresh_from_db()
    assert line[0].parent_id is None
    assert AuditEntry.objects.count() == 0


@pytest.mark.req("CATL-02")
def test_move_genre_unknown_is_not_found():
    genre = GenreFactory()
    with pytest.raises(errors.GenreNotFound):
        move(0, genre.pk)
    with pytest.raises(errors.GenreNotFound):
        move(genre.pk, 0)


@pytest.mark.req("CATL-02")
def test_create_genre_below_a_withdrawn_one_is_not_found():
    gone = GenreFactory(deleted_at=timezone.now())
    with pytest.raises(errors.GenreNotFound):
        genres.create_genre(name="Crime", parent_id=gone.pk, actor_id=None)
    assert Genre.objects.count() == 1


@pytest.mark.req("CATL-02")
def test_move_genre_below_a_withdrawn_one_is_refused():
    genre, gone = GenreFactory(), GenreFactory(deleted_at=timezone.now())
    with pytest.raises(errors.GenreParentWithdrawn):
        move(genre.pk, gone.pk)
    genre.refresh_from_db()
    assert (genre.parent_id, AuditEntry.objects.count()) == (None, 0)


@pytest.mark.req("CATL-02")
def test_genre_named_by_a_number_gets_an_address_that_is_no_id():
    assert genres.create_genre(name="1984", actor_id=None).slug == "genre-1984"


@pytest.mark.req("CATL-02")
@pytest.mark.parametrize("slug", ["", "1984", "crime"])
def test_address_that_is_no_address_is_invalid(slug):
    GenreFactory(slug="crime")
    genre = GenreFactory(name="Novels")
    with pytest.raises(Invalid) as caught:
        genres.change_genre(
            genre_id=genre.pk, changes={"name": "Stories", "slug": slug}, actor_id=None
        )
    assert list(caught.value.data["fields"]) == ["slug"]
    genre.refresh_from_db()
    assert (genre.name, AuditEntry.objects.count()) == ("Novels", 0)


@pytest.mark.req("CATL-02")
def test_change_genre_tells_the_trail_what_changed_and_nothing_else():
    genre = GenreFactory(name="Crime", position=3)
    changes = {"name": " Crime ", "slug": "crime", "position": 4, "parent_id": None}
    genres.change_genre(genre_id=genre.pk, changes=changes, actor_id=None)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.old_value, entry.new_value) == (
        "genre.changed",
        {"position": 3},
        {"position": 4},
    )


@pytest.mark.req("CATL-02")
def test_books_of_a_renamed_genre_are_found_by_its_new_name():
    crime, art = GenreFactory(name="Crime"), GenreFactory(name="Art")
    book, other = BookFactory(genres=[crime]), BookFactory(genres=[art])
    search_index.index_books([book.pk, other.pk])

    genres.change_genre(genre_id=crime.pk, changes={"name": "Mysteries"}, actor_id=None)

    assert list(Book.objects.order_by("pk").values_list("version", flat=True)) == [2, 1]
    found = books.book_cards(BookQuery(text="mysteries"), Window(0, 20))
    assert [card.title for card in found.items] == [book.title]


@pytest.mark.req("CATL-02")
def test_withdrawn_genre_is_moved_and_put_back_in_one_step():
    gone, top = GenreFactory(deleted_at=timezone.now()), GenreFactory()
    below = GenreFactory(parent=gone, deleted_at=timezone.now())
    with pytest.raises(errors.GenreParentWithdrawn):
        genres.change_genre(genre_id=below.pk, changes={}, is_restored=True, actor_id=None)
    genres.change_genre(
        genre_id=below.pk, changes={"parent_id": top.pk}, is_restored=True, actor_id=None
    )
    below.refresh_from_db()
    assert (below.parent_id, below.deleted_at) == (top.pk, None)
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["genre.moved", "genre.restored"]
