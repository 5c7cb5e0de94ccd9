"""The files of a cover that is a picture: what they are called, how wide, how heavy."""

import uuid
from collections.abc import Iterator

# Widths in pixels, and the bytes that the WebP of each may weigh: a shelf must load at once.
BUDGETS = {240: 10_000, 480: 28_000, 960: 90_000}
WIDTHS = tuple(BUDGETS)
KINDS = {"webp": "image/webp", "jpg": "image/jpeg"}
MASTER = "master.jpg"


def name_of(key: uuid.UUID, file: str) -> str:
    """Return where a file of the cover lies in the media storage."""
    return f"covers/{key}/{file}"


def all_names(key: uuid.UUID) -> Iterator[str]:
    """Yield every name that a cover's files may have."""
    yield name_of(key, MASTER)
    for width in WIDTHS:
        for kind in KINDS:
            yield name_of(key, f"{width}.{kind}")
