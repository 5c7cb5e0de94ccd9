"""What follows when somebody or something that books name gets another name.

Books are found by the new name, stand in their new place, and have a new version: what was made of
the old one (an ETag, a cached part) no longer counts. The books of a small name follow in the
transaction that renames; those of a great one in a job, a batch a transaction, so that nobody
waits for the locks of ten thousand books.
"""

from collections.abc import Callable

from django.db import connection, transaction
from django.db.models import F, Q

from catalog.models import Book, BookContributor, BookGenre
from catalog.services import search_index
from core import jobs, locks

MOST_AT_ONCE = 1_000

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


_BOOKS_OF: dict[str, Callable[[int], Q]] = {
    "contributor": lambda row_id: Q(
        pk__in=BookContributor.objects.filter(contributor_id=row_id).values("book_id")
    ),
    "series": lambda row_id: Q(series_id=row_id),
    "publisher": lambda row_id: Q(publisher_id=row_id),
    "genre": lambda row_id: Q(pk__in=BookGenre.objects.filter(genre_id=row_id).values("book_id")),
    "work": lambda row_id: Q(work_id=row_id),
}


def follow_contributor(*, contributor_id: int) -> None:
    """Bring the books of somebody up to date with their name: order, search, version.

    Joins the caller's transaction. Up to `MOST_AT_ONCE` books follow in it, their rows locked; of
    more, a job takes care once the transaction has committed.
    """
    _follow("contributor", contributor_id)


def follow_series(*, series_id: int) -> None:
    """Bring the books of a series up to date with its name (see `follow_contributor`)."""
    _follow("series", series_id)


def follow_publisher(*, publisher_id: int) -> None:
    """Bring the books of a publisher up to date with its name (see `follow_contributor`)."""
    _follow("publisher", publisher_id)


def follow_genre(*, genre_id: int) -> None:
    """Bring the books of a genre up to date with its name (see `follow_contributor`)."""
    _follow("genre", genre_id)


def follow_work(*, work_id: int) -> None:
    """Bring the editions of a work up to date with it (see `follow_contributor`)."""
    _follow("work", work_id)


def follow_in_batches(*, kind: str, row_id: int) -> None:
    """Bring all books of a contributor, series … up to date, each batch in its own transaction.

    Locks a batch of books at a time. Safe to repeat, and right beside another rename: each batch
    reads the names as they are then.
    """
    after = 0
    while True:
        with transaction.atomic():
            ids = _next_ids(kind, row_id, after, MOST_AT_ONCE)
            _bring_up_to_date(ids)
        if not ids:
            return
        after = ids[-1]


def _follow(kind: str, row_id: int) -> None:
    ids = _next_ids(kind, row_id, 0, MOST_AT_ONCE + 1)
    if len(ids) > MOST_AT_ONCE:
        jobs.enqueue("catalog.follow_rename", kind=kind, row_id=row_id)
    else:
        _bring_up_to_date(ids)


def _next_ids(kind: str, row_id: int, after: int, most: int) -> list[int]:
    books = Book.objects.filter(_BOOKS_OF[kind](row_id), pk__gt=after)
    return list(books.order_by("pk").values_list("pk", flat=True)[:most])


def _bring_up_to_date(ids: list[int]) -> None:
    if not ids:
        return
    locks.lock_rows(Book.objects.filter(pk__in=ids).only("pk"))
    Book.objects.filter(pk__in=ids).update(version=F("version") + 1)
    search_index.index_books(ids)
    with connection.cursor() as cursor:
        cursor.execute(_SORT_AUTHORS, [ids])
