"""The people who make books."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.selectors import contributors


@require_safe
def author(request: HttpRequest, slug: str, contributor_id: int) -> HttpResponse:
    """Somebody's books by role and series. An old address leads to the new one."""
    page = contributors.author_page(contributor_id)
    if request.path != page.path:
        return HttpResponsePermanentRedirect(page.path)
    return render(request, "catalog/author.html", {"page": page})
