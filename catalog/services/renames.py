"""What follows when somebody or something that books name gets another name."""

from django.db import connection
from django.db.models import F, Q

from catalog.models import Book, BookContributor, BookGenre
from catalog.services import search_index
from core import locks

# The first author, or whoever comes first where there is no author, gives a book its place.
_SORT_AUTHORS = """
    UPDATE catalog_book AS book SET sort_author = first.sort_name
      FROM (
        SELECT DISTINCT ON (credit.book_id) credit.book_id, person.sort_name
          FROM catalog_bookcontributor AS credit
          JOIN catalog_contributor AS person ON person.id = credit.contributor_id
         WHERE credit.book_id = ANY(%s)
         ORDER BY credit.book_id, credit.role <> 'AUTHOR', credit.position, credit.id
      ) AS first
     WHERE book.id = first.book_id AND book.sort_author <> first.sort_name
"""


def follow_contributor(*, contributor_id: int) -> None:
    """Bring the books of somebody up to date with their name: order, search, version.

    Joins the caller's transaction; locks the books' rows.
    """
    credited = BookContributor.objects.filter(contributor_id=contributor_id).values("book_id")
    ids = _follow(Q(pk__in=credited))
    with connection.cursor() as cursor:
        cursor.execute(_SORT_AUTHORS, [ids])


def follow_series(*, series_id: int) -> None:
    """Bring the books of a series up to date with its name, locking their rows."""
    _follow(Q(series_id=series_id))


def follow_publisher(*, publisher_id: int) -> None:
    """Bring the books of a publisher up to date with its name, locking their rows."""
    _follow(Q(publisher_id=publisher_id))


def follow_genre(*, genre_id: int) -> None:
    """Bring the books of a genre up to date with its name, locking their rows."""
    _follow(Q(pk__in=BookGenre.objects.filter(genre_id=genre_id).values("book_id")))


def follow_work(*, work_id: int) -> None:
    """Bring the editions of a work up to date with it, locking their rows."""
    _follow(Q(work_id=work_id))


def _follow(which: Q) -> list[int]:
    ids = [book.pk for book in locks.lock_rows(Book.objects.filter(which).only("pk"))]
    Book.objects.filter(pk__in=ids).update(version=F("version") + 1)
    search_index.index_books(ids)
    return ids
