"""A record's facts put on its book: said, left as they are, or emptied."""

from catalog import text
from catalog.enums import ContributorRole, DatePrecision
from catalog.models import Book, Contributor
from catalog.services.imports.feeds import ATTRIBUTE
from catalog.services.imports.known import Named
from catalog.services.imports.records import BookRecord

# Facts of one column, and what they are when nothing is known.
_PLAIN = {
    "title": "",
    "subtitle": "",
    "description": "",
    "language": "",
    "format": "",
    "pages": None,
    "price": None,
    "on_sale_on": None,
}
_ATTRIBUTES = "attributes"


class Putting:
    """How one record is put on its book.

    What it says replaces what the book has, unless only gaps are filled. What it leaves out is
    emptied if its terms govern that fact, unless staff wrote it by hand.
    """

    def __init__(
        self, book: Book, record: BookRecord, by_hand: set[str], *, fills_gaps_only: bool
    ) -> None:
        self.book = book
        self.record = record
        self.by_hand = by_hand
        self.fills_gaps_only = fills_gaps_only

    def takes(self, fact: str, *, is_said: bool, has: bool) -> bool:
        """Return whether the book's fact becomes the record's, which may be nothing."""
        if is_said:
            return not (self.fills_gaps_only and has)
        is_governed = fact in self.record.terms.governs and not self.fills_gaps_only
        return is_governed and fact not in self.by_hand

    def put_columns(self, named: Named) -> None:
        """Put what stands in the book's own row; titles are sorted and spelled anew."""
        book, record = self.book, self.record
        for name, nothing in _PLAIN.items():
            said, has = getattr(record, name), getattr(book, name)
            if self.takes(name, is_said=said not in ("", None), has=has not in ("", None)):
                setattr(book, name, nothing if said in ("", None) else said)
        book.sort_title = text.sort_title_of(book.title, book.language)
        book.slug = text.slug_of(book.title, otherwise="book")
        has_publisher = book.publisher_id is not None
        if self.takes("publisher", is_said=bool(record.publisher), has=has_publisher):
            book.publisher_id = named.publishers.get(record.publisher)
        has_date = book.published_on is not None
        if self.takes("published_on", is_said=record.published_on is not None, has=has_date):
            book.published_on = record.published_on
            book.published_precision = record.published_precision or DatePrecision.DAY
        if self.takes("series", is_said=bool(record.series), has=book.series_id is not None):
            book.series_id = named.series.get(record.series)
            book.series_number = record.series_number
        book.attributes = self._attributes()

    def credits_for(self, named: Named, old: list[tuple[int, str]]) -> list[tuple[int, str]] | None:
        """Return who shall be credited, None when that stays; the first author sorts the book."""
        record = self.record
        if not self.takes("credits", is_said=bool(record.credits), has=bool(old)):
            return None
        first = _first_author(record, named)
        self.book.sort_author = first.sort_name if first else ""
        wanted = [(named.people[name].pk, role) for name, role in record.credits]
        return wanted if wanted != old else None

    def genres_for(self, wanted: set[int], old: set[int]) -> set[int] | None:
        """Return which genres it shall have, None when they stay.

        Nothing takes away all of them, and of codes those that staff chose are none's business.
        """
        by_codes = not self.record.genres
        if not wanted or (by_codes and "genres" in self.by_hand):
            return None
        if wanted == old or not self.takes("genres", is_said=True, has=bool(old)):
            return None
        return wanted

    def _attributes(self) -> dict[str, str]:
        said = self.record.attributes
        governed = {
            fact.removeprefix(ATTRIBUTE)
            for fact in self.record.terms.governs
            if fact.startswith(ATTRIBUTE)
        }
        if self.fills_gaps_only or _ATTRIBUTES in self.by_hand:
            governed = set()
        kept = {name: fact for name, fact in self.book.attributes.items() if name not in governed}
        return {**said, **kept} if self.fills_gaps_only else {**kept, **said}


def _first_author(record: BookRecord, named: Named) -> Contributor | None:
    authors = [name for name, role in record.credits if role == ContributorRole.AUTHOR]
    names = authors or [name for name, _role in record.credits]
    return named.people[names[0]] if names else None
