"""Covers as pictures."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from catalog.selectors import covers

FOR_EVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=300"


@require_safe
def cover(request: HttpRequest, book_id: int) -> HttpResponseBase:
    """The drawn cover of a book; kept for ever under the address that names its key."""
    found = covers.cover_of(book_id)
    response = HttpResponse(found.svg, content_type="image/svg+xml")
    response["ETag"] = f'"{found.key}"'
    response["Cache-Control"] = FOR_EVER if request.GET.get("v") == found.key else SHORTLY
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return answer or response
