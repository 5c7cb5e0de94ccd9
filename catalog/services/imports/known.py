"""What the database has of a batch: the books and what belongs to them, in a few statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from catalog.models import (
    Book,
    BookContributor,
    BookGenre,
    Contributor,
    DatedPrice,
    FeedRecord,
    Genre,
)
from catalog.selectors import genre_codes, hand_made
from catalog.services import names
from catalog.services.imports import subjects
from catalog.services.imports.dated_prices import DatedAmount
from catalog.services.imports.feeds import Wish
from catalog.services.imports.records import BookRecord


@dataclass
class Named:
    """The rows that records name, made where there were none."""

    people: dict[str, Contributor]
    publishers: dict[str, int]
    series: dict[str, int]
    genres: dict[str, int]
    genres_of_codes: dict[tuple[str, str], int]
    parents: Mapping[int, int | None]


@dataclass
class Known:
    """The books of a batch by the records' keys, and what belongs to them by their ids."""

    books: dict[str, Book]
    credits: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    genres: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    dated: dict[int, set[DatedAmount]] = field(default_factory=lambda: defaultdict(set))
    by_hand: dict[int, set[str]] = field(default_factory=dict)
    # References of feeds and the books they are of.
    references: dict[str, int] = field(default_factory=dict)


def known_of(records: Sequence[BookRecord]) -> Known:
    """Return what there is of the books of these records."""
    found = Book.objects.filter(isbn13__in=[record.isbn13 for record in records])
    known = Known({book.isbn13: book for book in found.select_related("work")})
    _add_references(known, records)
    ids = [book.pk for book in known.books.values()]
    if not ids:
        return known
    rows = BookContributor.objects.filter(book_id__in=ids).order_by("position", "pk")
    for book_id, person, role in rows.values_list("book_id", "contributor_id", "role"):
        known.credits[book_id].append((person, role))
    # No file names a withdrawn genre, so none can say that a book is no longer in it.
    links = BookGenre.objects.filter(book_id__in=ids, genre__deleted_at__isnull=True)
    for book_id, genre_id in links.values_list("book_id", "genre_id"):
        known.genres[book_id].add(genre_id)
    if any(record.dated_prices is not None for record in records):
        prices = DatedPrice.objects.filter(book_id__in=ids)
        columns = prices.values_list("book_id", "amount", "from_on", "until_on")
        for book_id, amount, from_on, until_on in columns:
            known.dated[book_id].add(DatedAmount(amount, from_on, until_on))
    if any(record.terms.wish != Wish.ADD for record in records):
        known.by_hand = hand_made.facts_by_hand(ids)
    return known


def _add_references(known: Known, records: Sequence[BookRecord]) -> None:
    references = [record.terms.reference for record in records if record.terms.reference]
    if not references:
        return
    rows = FeedRecord.objects.filter(reference__in=references)
    known.references = dict(rows.values_list("reference", "book_id"))
    keys = {
        known.references[record.terms.reference]: record.key
        for record in records
        if not record.isbn13 and record.terms.reference in known.references
    }
    for book in Book.objects.filter(pk__in=keys).select_related("work") if keys else ():
        known.books[keys[book.pk]] = book


def named_by(records: Sequence[BookRecord]) -> Named:
    """Return the people, publishers, series and genres that records name, making the new ones."""
    publishers = names.ensure_publishers(_given(record.publisher for record in records))
    series = names.ensure_series(_given(record.series for record in records))
    codes = {code for record in records for code in record.subject_codes}
    genres_of_codes = genre_codes.genres_for(codes)
    parents = dict(Genre.objects.values_list("pk", "parent_id")) if genres_of_codes else {}
    return Named(
        people=names.ensure_contributors(
            name for record in records for name, _role in record.credits
        ),
        publishers={name: row.pk for name, row in publishers.items()},
        series={name: row.pk for name, row in series.items()},
        genres=subjects.ensure_genres(slug for record in records for slug in record.genres),
        genres_of_codes=genres_of_codes,
        parents=parents,
    )


def _given(values: Iterable[str]) -> list[str]:
    return [value for value in values if value]


def genres_meant(record: BookRecord, named: Named) -> set[int]:
    """Return the genres that a record names, or that its codes lead to: the first few of these.

    Of codes, a genre above another one says nothing more.
    """
    by_slug = {named.genres[slug] for slug in record.genres if slug in named.genres}
    if by_slug or not record.subject_codes:
        return by_slug
    found = dict.fromkeys(
        named.genres_of_codes[code]
        for code in record.subject_codes
        if code in named.genres_of_codes
    )
    above = {parent for genre in found for parent in _above(genre, named.parents)}
    return set([genre for genre in found if genre not in above][: subjects.MOST_GENRES])


def _above(genre: int, parents: Mapping[int, int | None]) -> Iterable[int]:
    parent = parents.get(genre)
    while parent is not None:
        yield parent
        parent = parents.get(parent)
