"""An export that somebody asked for at the desk: noted, then sent."""

import uuid
from collections.abc import Iterator

from catalog.models.books import BookQuerySet
from catalog.selectors import exports
from catalog.selectors.exports import Selection
from catalog.services.exports import files
from core import tables
from core.services import audit


def export_catalogue(
    *, selection: Selection, file_format: str, actor_id: uuid.UUID | None
) -> Iterator[bytes]:
    """Write down who takes which books along, then return the file's bytes, made as they are read.

    Leaves an audit row (`export.created`) with the format and what was asked for. Raises
    `GenreNotFound`, and `WorkbookTooLong` for one that nobody would wait for.
    """
    books: BookQuerySet = exports.books_of(selection)
    tables.refuse_to_wait(file_format, books[: tables.MOST_TO_WAIT_FOR + 1].count())
    since = selection.changed_since
    audit.record_change(
        action="export.created",
        entity_type="export",
        entity_id="catalogue",
        actor_id=actor_id,
        new={"kind": file_format},
        context={
            "genre": selection.genre,
            "changed_since": since.isoformat() if since else None,
            "in_stock_only": selection.in_stock_only,
            "with_withdrawn": selection.with_withdrawn,
        },
    )
    return files.chunks(books=books, file_format=file_format)
