"""Finding books for staff: withdrawn ones too, by any spelling of an ISBN, by words."""

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from catalog.errors import WorkNotFound
from catalog.models import Book, Work
from catalog.selectors import search
from catalog.validators import to_isbn13

SHORTEST_ISBN_PART = 6
# So many books are named one by one in a query.
MOST_NAMED = 500


def is_isbn(text: str) -> bool:
    """Whether this is a whole ISBN, 10 or 13 digits, in any spelling."""
    try:
        to_isbn13(text.strip())
    except ValidationError:
        return False
    return True


def work_of_isbn(isbn: str) -> Work:
    """Return the work that an edition, withdrawn or not, belongs to; raise `WorkNotFound`."""
    try:
        work = Work.objects.filter(editions__isbn13=to_isbn13(isbn)).first()
    except ValidationError:
        work = None
    if work is None:
        raise WorkNotFound
    return work


def books_matching(books: QuerySet[Book], text: str) -> QuerySet[Book]:
    """Narrow `books` to those that `text` names; all of them for no text.

    A whole ISBN is one book, at least six digits the beginning of one; everything else is words of
    title, series, author or genre, the last of which may be unfinished.
    """
    term = text.strip()[: search.MOST_CHARACTERS]
    if not term:
        return books
    try:
        return books.filter(isbn13=to_isbn13(term))
    except ValidationError:
        pass
    digits = term.replace("-", "").replace(" ", "")
    if digits.isascii() and digits.isdigit() and len(digits) >= SHORTEST_ISBN_PART:
        # A union, for the database would read every book to find one of two conditions true.
        begins = Book.objects.filter(isbn13__startswith=digits).values("pk")
        return books.filter(
            pk__in=begins.union(Book.objects.filter(search.matches(term)).values("pk"))
        )
    return books.filter(search.matches(term))


def rows_of_books_matching[M: Model](
    rows: QuerySet[M], text: str, *, book: str = "book"
) -> QuerySet[M]:
    """Narrow rows that belong to a book (by the way `book`) to those of books that `text` names.

    Looks the books up first (one query): of a million rows the database finds those of a few
    known books at once, but guesses badly how many rows a search will leave.
    """
    found = books_matching(Book.objects.all(), text).order_by().values_list("pk", flat=True)
    few = list(found[: MOST_NAMED + 1])
    return rows.filter(**{f"{book}__in": few if len(few) <= MOST_NAMED else found})
