"""The tree of genres."""

import pytest

from catalog import errors
from catalog.models import Genre
from catalog.services import genres
from catalog.tests.factories import GenreFactory
from core.errors import Invalid
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


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
    assert genres.move_genre(genre_id=child.pk, parent_id=None, actor_id=None).parent_id is None
    genres.move_genre(genre_id=child.pk, parent_id=other.pk, actor_id=None)
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
        genres.move_genre(genre_id=line[0].pk, parent_id=line[depth].pk, actor_id=None)
    assert caught.value.code == "GENRE_CYCLE"
    line[0].refresh_from_db()
    assert line[0].parent_id is None
    assert AuditEntry.objects.count() == 0


@pytest.mark.req("CATL-02")
def test_move_genre_unknown_is_not_found():
    genre = GenreFactory()
    with pytest.raises(errors.GenreNotFound):
        genres.move_genre(genre_id=0, parent_id=genre.pk, actor_id=None)
    with pytest.raises(errors.GenreNotFound):
        genres.move_genre(genre_id=genre.pk, parent_id=0, actor_id=None)
