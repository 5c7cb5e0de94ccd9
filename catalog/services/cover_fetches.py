"""Choosing a book's cover, of a file or of an address.

What lies at an address is asked for here and fetched by a job, never in a request.
"""

import io
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.enums import CoverState
from catalog.errors import BadImage, CoverNotFetched, SsrfBlocked
from catalog.gateways import downloads, pictures
from catalog.models import Cover
from catalog.services import covers
from core import jobs
from core.errors import Invalid

# How addresses of pictures are written; where they lead is looked at by the job.
ADDRESS = r"^https://[!-~]+$"
LONGEST_ADDRESS = 500


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of a file, a picture that was taken before, and an address to fetch one from."""

    file: IO[bytes] | None = None
    cover: uuid.UUID | None = None
    cover_url: str | None = None


def set_cover(
    *,
    book_id: int,
    choice: Choice,
    actor_id: uuid.UUID | None,
    expected_versions: Collection[int] | None = None,
) -> Cover:
    """Put what was chosen on a book; return its cover.

    Raises what `covers.take_picture` and `covers.put_on_book` raise. A book that cannot have it is
    found out before a file is opened; with a file never call it in a transaction.
    """
    if choice.cover_url:
        return fetch_for_book(
            book_id=book_id,
            url=choice.cover_url,
            actor_id=actor_id,
            expected_versions=expected_versions,
        )
    cover_id = choice.cover
    if choice.file is not None:
        covers.refuse_early(book_id=book_id, expected_versions=expected_versions)
        cover_id = covers.take_picture(file=choice.file, actor_id=actor_id).pk
    if cover_id is None:
        raise Invalid(fields={"cover": [_("Choose a picture.")]})
    return covers.put_on_book(
        book_id=book_id,
        cover_id=cover_id,
        actor_id=actor_id,
        expected_versions=expected_versions,
    )


def fetch_for_book(
    *,
    book_id: int,
    url: str,
    actor_id: uuid.UUID | None,
    expected_versions: Collection[int] | None = None,
) -> Cover:
    """Have the picture at `url` fetched for a book; return its cover, which is FETCHING.

    Locks, leaves and raises what `covers.put_on_book` does: the picture takes the place of what
    was there at once. A job fetches it; where that fails the cover is REFUSED and says why.
    """
    with transaction.atomic():
        cover = Cover.objects.create(
            key=uuid.uuid4(), state=CoverState.FETCHING, source_url=url, actor_id=actor_id
        )
        jobs.enqueue("catalog.fetch_cover", cover_id=str(cover.pk))
        return covers.put_on_book(
            book_id=book_id,
            cover_id=cover.pk,
            actor_id=actor_id,
            expected_versions=expected_versions,
        )


def fetch(*, cover_id: uuid.UUID) -> None:
    """Fetch the picture of a cover that is FETCHING and have it made ready. Safe to repeat.

    Sends to no machine but those of the public internet (`catalog.gateways.downloads`). A cover
    whose address is not allowed, gives no picture, or one that we do not take, becomes REFUSED.
    """
    cover = Cover.objects.filter(pk=cover_id, state=CoverState.FETCHING).first()
    if cover is None:
        return
    try:
        picture = pictures.clean(io.BytesIO(downloads.fetch(cover.source_url)))
    except (BadImage, CoverNotFetched, SsrfBlocked) as refusal:
        covers.refuse(cover_id=cover_id, code=refusal.code)
        return
    covers.keep_master(cover=cover, picture=picture)
