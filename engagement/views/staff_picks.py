"""The booksellers' recommendations."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.pagination import read_window
from engagement.selectors import staff_picks


@require_safe
def picks(request: HttpRequest) -> HttpResponse:
    """Every pick with its note, as the staff ordered them."""
    page = staff_picks.picks_page(read_window(request.GET))
    return render(request, "engagement/picks.html", {"page": page})
