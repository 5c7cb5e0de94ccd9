"""Addresses of the pictures on books, without a query: what a row of a list says is enough."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from catalog.covers import files

# What shows in place of a picture by those who know no srcset, and in feeds and other shops.
_SHOWN_WIDTH = 480


@dataclass(frozen=True)
class Picture:
    """A cover that is READY: its files' key and the size of the picture in pixels."""

    key: uuid.UUID
    width: int
    height: int

    @classmethod
    def of(cls, cover: Any) -> "Picture":
        """Return the picture of a `Cover`."""
        return cls(cover.key, cover.width, cover.height)

    @property
    def path(self) -> str:
        """A JPEG for whoever asks no further."""
        return self.file(_SHOWN_WIDTH, "jpg")

    @property
    def large_path(self) -> str:
        """The largest JPEG, for other sites' previews."""
        return self.file(files.WIDTHS[-1], "jpg")

    @property
    def srcset(self) -> str:
        """The WebP files with the widths that they really have."""
        widths = {min(width, self.width): width for width in reversed(files.WIDTHS)}
        return ", ".join(
            f"{self.file(width, 'webp')} {really}w" for really, width in sorted(widths.items())
        )

    @property
    def shown_height(self) -> int:
        """The height at `shown_width`: what a page keeps free."""
        return round(self.shown_width * self.height / self.width)

    @property
    def shown_width(self) -> int:
        """The width that pages give it, which their style sheets scale."""
        return files.WIDTHS[0]

    def file(self, width: int, kind: str) -> str:
        """Return the address of a file."""
        return settings.MEDIA_URL + files.name_of(self.key, f"{width}.{kind}")
