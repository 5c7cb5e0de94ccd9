"""Which books a query asks for. Conditions on different things add up; values of one are *or*."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from catalog.enums import BookSort, ContributorRole
from catalog.models import Book, BookContributor, BookGenre, Inventory
from catalog.models.books import BookQuerySet
from catalog.selectors import genres
from core.ids import is_row_id


@dataclass(frozen=True)
class BookQuery:
    """What a reader asks a list of books for; genres, authors … are ids or slugs, as text.

    Prices are a band: from `price_min` up to, not including, `price_max`. `branch` means on the
    shelf there. `in_stock` means to be had today: what may not be sold yet is left out.
    """

    text: str = ""
    genre: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    branch: tuple[str, ...] = ()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    year_min: int | None = None
    year_max: int | None = None
    in_stock: bool | None = None
    sort: BookSort | None = None

    @property
    def order(self) -> BookSort:
        """The order that applies: best match needs words; without a wish it is newest."""
        if self.sort and (self.text or self.sort != BookSort.RELEVANCE):
            return self.sort
        return BookSort.RELEVANCE if self.text else BookSort.NEWEST


def narrowed(query: BookQuery) -> BookQuerySet:
    """Return the books that pass every filter of a query but its words."""
    known = Book.objects.for_sale() if query.in_stock else Book.objects.listed()
    books = known.filter(_plain_conditions(query))
    if query.genre:
        within = BookGenre.objects.filter(genre_id__in=genres.ids_below(query.genre))
        books = books.filter(id__in=within.values("book_id"))
    if query.author:
        wrote = BookContributor.objects.filter(
            _named("contributor", query.author), role=ContributorRole.AUTHOR
        )
        books = books.filter(id__in=wrote.values("book_id"))
    if query.branch:
        shelf = Inventory.objects.filter(
            _named("branch", query.branch),
            book_id=OuterRef("pk"),
            quantity__gt=0,
            branch__is_active=True,
            branch__deleted_at__isnull=True,
        )
        books = books.filter(~Exists(shelf) if query.in_stock is False else Exists(shelf))
    elif query.in_stock is not None:
        books = books.filter(is_in_stock=query.in_stock)
    return books


def _plain_conditions(query: BookQuery) -> Q:
    conditions = Q()
    if query.publisher:
        conditions &= _named("publisher", query.publisher)
    if query.language:
        conditions &= Q(language__in=query.language)
    if query.format:
        conditions &= Q(format__in=query.format)
    if query.price_min is not None:
        conditions &= Q(price__gte=query.price_min)
    if query.price_max is not None:
        conditions &= Q(price__lt=query.price_max)
    if query.year_min is not None:
        conditions &= Q(published_on__gte=date(query.year_min, 1, 1))
    if query.year_max is not None:
        conditions &= Q(published_on__lte=date(query.year_max, 12, 31))
    return conditions


def _named(relation: str, values: tuple[str, ...]) -> Q:
    ids = [int(value) for value in values if is_row_id(value)]
    slugs = [value for value in values if not is_row_id(value)]
    named = Q(**{f"{relation}_id__in": ids})
    return named | Q(**{f"{relation}__slug__in": slugs}) if slugs else named
