"""Covers as pictures: drawn ones, and the files of those that were sent."""

import uuid

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from catalog.covers import files
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


@require_safe
def picture(request: HttpRequest, key: uuid.UUID, width: int, kind: str) -> HttpResponseBase:
    """A rendition of a cover: its address never means anything else, so it is kept for ever.

    What it is follows from its address, never from what is in it. The picture as it came is not
    to be had.
    """
    if width not in files.WIDTHS or kind not in files.KINDS:
        raise Http404
    etag = f'"{key.hex}-{width}"'
    known = get_conditional_response(request, etag=etag)
    if known is not None:
        return known
    try:
        file = default_storage.open(files.name_of(key, f"{width}.{kind}"))
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=files.KINDS[kind], filename=f"cover-{width}.{kind}")
    response["ETag"] = etag
    response["Cache-Control"] = FOR_EVER
    response["X-Content-Type-Options"] = "nosniff"
    return response
