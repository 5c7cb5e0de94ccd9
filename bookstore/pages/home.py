"""The front of the shop: what booksellers recommend, what is new, what is here today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.selectors import books, shelves
from engagement.selectors import staff_picks

PICKS = 4
SHELF = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Shelves without repetition, each left out while it is empty."""
    notes = staff_picks.first_notes(PICKS)
    seen = {note.book_id for note in notes}
    newest = [id_ for id_ in shelves.newest_ids(2 * SHELF) if id_ not in seen][:SHELF]
    seen |= set(newest)
    here = [id_ for id_ in shelves.in_stock_ids(3 * SHELF) if id_ not in seen][:SHELF]
    cards = {card.id: card for card in books.cards_by_ids([*seen, *here])}
    context = {
        # A book may be withdrawn between two queries.
        "picks": staff_picks.with_cards(notes, cards),
        "newest": [cards[id_] for id_ in newest if id_ in cards],
        "in_stock": [cards[id_] for id_ in here if id_ in cards],
        "subjects": shelves.subjects(),
    }
    return render(request, "pages/home.html", context)
