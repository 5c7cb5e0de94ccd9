"""Authors and everybody else who makes books."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from catalog.enums import ContributorRole
from catalog.errors import AuthorNotFound
from catalog.models import Book, BookContributor, Contributor
from catalog.selectors import books
from catalog.selectors.books import BookCard
from catalog.text import fold
from core.pagination import Page, Window, paginate
from core.paths import path_of

MOST_BOOKS = 400
MOST_CHARACTERS = 200
MOST_WORDS = 6
_NUMBER = re.compile(r"\d{1,6}(\.\d{1,3})?", re.ASCII)
# Counted for the few people shown, not joined to all of them.
_BOOK_COUNT = Coalesce(
    Subquery(
        BookContributor.objects.filter(contributor=OuterRef("pk"), book__deleted_at__isnull=True)
        .order_by()
        .values("contributor")
        .values(count=Count("book__work", distinct=True))
    ),
    0,
)


@dataclass(frozen=True)
class AuthorRow:
    """An author in a list, with how many books bear the name: editions of a work count once."""

    id: int
    name: str
    slug: str
    book_count: int

    @property
    def path(self) -> str:
        """The author's page."""
        return path_of("catalog:author", self.slug, self.id)


@dataclass(frozen=True)
class AuthorDetail(AuthorRow):
    """The same with a short life."""

    biography: str


@dataclass(frozen=True)
class Shelf:
    """Books that stand together: of one series, or (without a `series`) of none."""

    series: str
    cards: list[BookCard]


@dataclass(frozen=True)
class RoleGroup:
    """Everything somebody did in one role."""

    role: ContributorRole
    shelves: list[Shelf]


@dataclass(frozen=True)
class AuthorPage:
    """Somebody's page: who they are and their books, those they wrote first."""

    id: int
    name: str
    slug: str
    biography: str
    book_count: int
    groups: list[RoleGroup]

    @property
    def path(self) -> str:
        """The author's page."""
        return path_of("catalog:author", self.slug, self.id)


@dataclass(frozen=True)
class _Entry:
    book_id: int
    work_id: int
    role: str
    series: str
    series_number: str
    year: int


def authors(text: str, window: Window) -> Page[AuthorRow]:
    """Return a page of people with listed books by surname (two queries); raise `PageNotFound`.

    With `text`, those one of whose names begins with each of its words.
    """
    listed = BookContributor.objects.filter(
        contributor=OuterRef("pk"), book__deleted_at__isnull=True
    )
    rows = (
        people_matching(Contributor.objects.filter(Exists(listed)), text)
        .annotate(book_count=_BOOK_COUNT)
        .order_by("sort_name", "id")
        .values_list("id", "name", "slug", "book_count")
    )
    page = paginate(rows, window)
    return page.with_items([AuthorRow(*row) for row in page.items])


def people_matching(people: QuerySet[Contributor], text: str) -> QuerySet[Contributor]:
    """Narrow `people` to those one of whose names begins with each word of `text`, all for none."""
    people = people.alias(spaced=Concat(Value(" "), "sort_name"))
    for word in fold(text[:MOST_CHARACTERS]).split()[:MOST_WORDS]:
        people = people.filter(spaced__contains=f" {word}")
    return people


def author(contributor_id: int) -> AuthorDetail:
    """Return one person (one query); raise `AuthorNotFound`."""
    row = (
        Contributor.objects.filter(pk=contributor_id)
        .annotate(book_count=_BOOK_COUNT)
        .values_list("id", "name", "slug", "book_count", "biography")
        .first()
    )
    if row is None:
        raise AuthorNotFound
    return AuthorDetail(*row)


def author_page(contributor_id: int) -> AuthorPage:
    """Return somebody's page (four queries); raise `AuthorNotFound`.

    One edition of each work, in stock before out of stock; series first (by name, in their own
    order), then what stands alone, newest first. At most `MOST_BOOKS` books.
    """
    person = author(contributor_id)
    entries = _entries(contributor_id)
    cards = {c.id: c for c in books.cards_by_ids(sorted({entry.book_id for entry in entries}))}
    groups = []
    for role in ContributorRole:
        own = [entry for entry in entries if entry.role == role]
        if own:
            groups.append(RoleGroup(role, _shelves(own, cards)))
    return AuthorPage(
        id=person.id,
        name=person.name,
        slug=person.slug,
        biography=person.biography,
        book_count=person.book_count,
        groups=groups,
    )


def _entries(contributor_id: int) -> list[_Entry]:
    rows = (
        Book.objects.listed()
        .filter(credits__contributor_id=contributor_id)
        .order_by("-is_in_stock", F("published_on").desc(nulls_last=True), "-id")
        .values_list(
            "id", "work_id", "credits__role", "series__name", "series_number", "published_on"
        )[:MOST_BOOKS]
    )
    entries: dict[tuple[int, str], _Entry] = {}
    for book_id, work_id, role, series, number, published_on in rows:
        year = published_on.year if published_on else 0
        entry = _Entry(book_id, work_id, role, series or "", number, year)
        entries.setdefault((work_id, role), entry)
    return list(entries.values())


def _shelves(entries: Iterable[_Entry], cards: dict[int, BookCard]) -> list[Shelf]:
    by_series: dict[str, list[_Entry]] = {}
    for entry in entries:
        by_series.setdefault(entry.series, []).append(entry)
    shelves = []
    for series in sorted(by_series, key=lambda name: (not name, fold(name))):
        own = by_series[series]
        if series:
            own.sort(key=lambda entry: (number_in_series(entry.series_number), entry.year))
        else:
            own.sort(key=lambda entry: (-entry.year, -entry.book_id))
        shelves.append(
            Shelf(series, [cards[entry.book_id] for entry in own if entry.book_id in cards])
        )
    return shelves


def number_in_series(text: str) -> tuple[float, str]:
    """Return what orders "2" before "10" and "2.5" between; what is no number comes last."""
    return (float(text) if _NUMBER.fullmatch(text) else float("inf"), text)
