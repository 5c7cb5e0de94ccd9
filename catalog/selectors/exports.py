"""What an export says of books: every fact that imports read, a batch at a time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q

from catalog import errors
from catalog.models import Book, BookContributor, BookGenre, Branch, GenreCode, Inventory
from catalog.models.books import BookQuerySet
from catalog.selectors import genres

BATCH = 1_000
_COLUMNS = (
    *("pk", "isbn13", "title", "subtitle", "description", "price", "published_on"),
    *("published_precision", "language", "format", "pages", "series_number", "attributes"),
    *("on_sale_on", "work_id", "is_withdrawn"),
    *("publisher__name", "series__name", "work__title", "work__first_published_year"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Which books go into an export: changed since an instant, in a genre or below it, in stock.

    Withdrawn ones only with `with_withdrawn`.
    """

    changed_since: dt.datetime | None = None
    genre: str = ""
    in_stock_only: bool = False
    with_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """A genre of a book, with its code in Thema where it has one."""

    slug: str
    name: str
    thema: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportRecord:
    """All facts of one book. `stock` is copies by the branch's address, for information."""

    isbn13: str
    title: str
    subtitle: str
    description: str
    credits: tuple[tuple[str, str], ...]
    publisher: str
    published_on: dt.date | None
    published_precision: str
    language: str
    format: str
    pages: int | None
    price: Decimal | None
    series: str
    series_number: str
    subjects: tuple[Subject, ...]
    work_id: int
    work_title: str
    first_published_year: int | None
    attributes: Mapping[str, str]
    on_sale_on: dt.date | None
    is_withdrawn: bool
    stock: Mapping[str, int]


def books_of(selection: Selection) -> BookQuerySet:
    """Return the books of a selection. Raises `GenreNotFound`."""
    books = Book.objects.all() if selection.with_withdrawn else Book.objects.listed()
    if selection.changed_since:
        books = books.filter(updated_at__gte=selection.changed_since)
    if selection.genre:
        below = genres.ids_below([selection.genre])
        if not below:
            raise errors.GenreNotFound
        books = books.filter(pk__in=BookGenre.objects.filter(genre__in=below).values("book"))
    if selection.in_stock_only:
        books = books.filter(is_in_stock=True)
    return books


def branches() -> dict[int, str]:
    """Return the addresses of the branches whose stock is told, the warehouse first."""
    active = Branch.objects.active().order_by("-is_warehouse", "slug")
    return dict(active.values_list("pk", "slug"))


def record_batches(books: BookQuerySet, size: int = BATCH) -> Iterator[list[ExportRecord]]:
    """Yield these books, `size` at a time, editions of a work beside each other.

    Each batch is four statements of their own: no transaction is held open while a file is being
    written, and memory does not grow with the catalogue. A book that is changed meanwhile comes
    as it was at one of the two moments.
    """
    told, places, last = _subjects(), branches(), (0, 0)
    while True:
        work_id, pk = last
        after = books.filter(work_id__gte=work_id).exclude(Q(work_id=work_id, pk__lte=pk))
        rows = list(
            after.annotate(is_withdrawn=Q(deleted_at__isnull=False))
            .order_by("work_id", "pk")
            .values(*_COLUMNS)[:size]
        )
        if rows:
            yield _records(rows, told, places)
        if len(rows) < size:
            return
        last = rows[-1]["work_id"], rows[-1]["pk"]


def _subjects() -> dict[int, Subject]:
    """Return each genre that is not withdrawn; the shortest of its codes stands for it."""
    codes: dict[int, str] = {}
    known = GenreCode.objects.filter(scheme="THEMA").values_list("genre_id", "code")
    for genre_id, code in sorted(known, key=lambda row: (len(row[1]), row[1])):
        codes.setdefault(genre_id, code)
    return {
        link.id: Subject(link.slug, link.name, codes.get(link.id, ""))
        for link in genres.active_links().values()
    }


def _records(
    rows: list[dict[str, Any]], told: Mapping[int, Subject], places: Mapping[int, str]
) -> list[ExportRecord]:
    ids = [row["pk"] for row in rows]
    people = BookContributor.objects.filter(book_id__in=ids).order_by("position", "pk")
    by = _grouped(people.values_list("book_id", "contributor__name", "role"))
    links = BookGenre.objects.filter(book_id__in=ids, genre_id__in=told).order_by("pk")
    within = _grouped(links.values_list("book_id", F("genre_id")))
    shelves = Inventory.objects.filter(book_id__in=ids, branch_id__in=places, quantity__gt=0)
    copies = _grouped(shelves.values_list("book_id", "branch_id", "quantity"))
    return [
        ExportRecord(
            **{name: row[name] for name in _COLUMNS if "__" not in name and name != "pk"},
            publisher=row["publisher__name"] or "",
            series=row["series__name"] or "",
            work_title=row["work__title"],
            first_published_year=row["work__first_published_year"],
            credits=tuple((name, role) for name, role in by[row["pk"]]),
            subjects=tuple(told[genre_id] for (genre_id,) in within[row["pk"]]),
            stock={places[branch]: number for branch, number in copies[row["pk"]]},
        )
        for row in rows
    ]


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for book_id, *rest in rows:
        found[book_id].append(tuple(rest))
    return found
