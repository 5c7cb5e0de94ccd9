"""What full-text search reads of a book, kept in a table of its own."""

from collections.abc import Iterable

from django.db import connection

from catalog.selectors import genres
from catalog.text import search_words_sql
from core.caching import forget

_DESCRIPTION_LETTERS = 20_000


def index_books(book_ids: Iterable[int]) -> None:
    """Write the search documents of books from their rows as they are: one statement for all.

    Joins the caller's transaction, so that a book is found as soon as its change is seen. Takes
    the locks of the documents in order of their books. After the commit genres are counted anew.
    """
    ids = list(book_ids)
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(_INDEX, [ids])
        # Whoever writes what is searched may have written genres.
        forget(genres.COUNTED)


def _part(expression: str, weight: str) -> str:
    words = search_words_sql(f"coalesce({expression}, '')")
    return f"setweight(to_tsvector('book_text', {words}), '{weight}')"


# Before 979 every ISBN had an ISBN-10: the same nine digits and a check digit modulo 11.
_ISBN10 = """
    CASE WHEN book.isbn13 LIKE '978%%' THEN substr(book.isbn13, 4, 9) || (
        SELECT (ARRAY['0','1','2','3','4','5','6','7','8','9','x'])
            [1 + (11 - sum(substr(book.isbn13, 3 + i, 1)::int * (11 - i)) %% 11) %% 11]
        FROM generate_series(1, 9) AS i)
    END
"""

_DOCUMENT = " || ".join(
    [
        _part("book.title", "A"),
        _part("people.authors", "A"),
        _part(f"book.isbn13 || coalesce(' ' || {_ISBN10}, '')", "A"),
        _part("book.subtitle", "B"),
        _part("series.name", "B"),
        _part("people.others", "B"),
        _part("subjects.names", "C"),
        _part(f"left(book.description, {_DESCRIPTION_LETTERS})", "D"),
    ]
)

_INDEX = f"""
    INSERT INTO catalog_booksearchdocument (book_id, document)
    SELECT book.id, {_DOCUMENT}
    FROM catalog_book AS book
    LEFT JOIN catalog_series AS series ON series.id = book.series_id
    LEFT JOIN LATERAL (
        SELECT
            string_agg(person.name, ' ' ORDER BY credit.position)
                FILTER (WHERE credit.role = 'AUTHOR') AS authors,
            string_agg(person.name, ' ' ORDER BY credit.position)
                FILTER (WHERE credit.role <> 'AUTHOR') AS others
        FROM catalog_bookcontributor AS credit
        JOIN catalog_contributor AS person ON person.id = credit.contributor_id
        WHERE credit.book_id = book.id
    ) AS people ON true
    LEFT JOIN LATERAL (
        SELECT string_agg(genre.name, ' ' ORDER BY genre.id) AS names
        FROM catalog_bookgenre AS link
        JOIN catalog_genre AS genre ON genre.id = link.genre_id
        WHERE link.book_id = book.id
    ) AS subjects ON true
    WHERE book.id = ANY(%s)
    ORDER BY book.id
    ON CONFLICT (book_id) DO UPDATE SET document = EXCLUDED.document
        WHERE catalog_booksearchdocument.document IS DISTINCT FROM EXCLUDED.document
"""  # noqa: S608  # only constants of this module
