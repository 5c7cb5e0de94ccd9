"""The people who make books."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def author(request: HttpRequest, slug: str, contributor_id: int) -> HttpResponse:
    """Somebody's books."""
    from catalog.selectors import contributors

    return render(
        request, "catalog/author.html", {"page": contributors.author_page(contributor_id)}
    )
