"""What the booksellers recommend."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from catalog.selectors import books
from catalog.selectors.books import BookCard
from core.pagination import Page, Window, paginate
from core.rows import fetch_rows
from engagement.models import StaffPick

# On every book page, so written down: see core.rows.
_OF_BOOK = """
    SELECT pick.book_id, pick.bookseller, pick.note, coalesce(branch.name, ''), pick.picked_on
      FROM engagement_staffpick pick
      JOIN catalog_book book ON book.id = pick.book_id
      LEFT JOIN catalog_branch branch ON branch.id = pick.branch_id
     WHERE pick.book_id = %s AND pick.is_active AND book.deleted_at IS NULL
     ORDER BY pick.position, pick.picked_on DESC, pick.id DESC
"""


@dataclass(frozen=True)
class Note:
    """A bookseller's words about a book."""

    book_id: int
    bookseller: str
    text: str
    branch: str
    picked_on: date


@dataclass(frozen=True)
class Pick:
    """A recommendation: the words and the book."""

    note: Note
    card: BookCard


def first_notes(count: int) -> list[Note]:
    """Return the first picks as the staff ordered them, a book once (one query)."""
    notes: dict[int, Note] = {}
    for pick in _shown()[: 2 * count]:
        notes.setdefault(pick.book_id, _note(pick))
    return list(notes.values())[:count]


def notes_of_book(book_id: int) -> list[Note]:
    """Return what booksellers say of one book (one query)."""
    return [Note(*row) for row in fetch_rows(_OF_BOOK, [book_id])]


def picks_page(window: Window) -> Page[Pick]:
    """Return a page of picks as the staff ordered them (four queries)."""
    page = paginate(_shown(), window)
    notes = [_note(pick) for pick in page.items]
    cards = {card.id: card for card in books.cards_by_ids([note.book_id for note in notes])}
    return page.with_items(with_cards(notes, cards))


def with_cards(notes: Iterable[Note], cards: Mapping[int, BookCard]) -> list[Pick]:
    """Return notes with their books; without those that were withdrawn between two queries."""
    return [Pick(note, cards[note.book_id]) for note in notes if note.book_id in cards]


def _shown() -> QuerySet[StaffPick]:
    return (
        StaffPick.objects.filter(is_active=True, book__deleted_at__isnull=True)
        .select_related("branch")
        .order_by("position", "-picked_on", "-id")
    )


def _note(pick: StaffPick) -> Note:
    branch = pick.branch.name if pick.branch else ""
    return Note(pick.book_id, pick.bookseller, pick.note, branch, pick.picked_on)
