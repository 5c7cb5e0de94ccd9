"""Opening pictures that strangers made, in a process that can hurt nobody.

What a file calls itself counts for nothing: only its bytes do. They are looked at by
`catalog.gateways.picture_workshop`, which has neither the shop's memory, nor its environment, nor
its files, and is ended when it takes too long. What comes back was drawn anew from the pixels.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.errors import BadImage

MOST_BYTES = 10 * 1024 * 1024
MOST_SECONDS = 2.0
# Of a job, which nobody waits for; the processor's seconds are as few.
MOST_SECONDS_OF_A_JOB = 20.0
_WORKSHOP = Path(__file__).with_name("picture_workshop.py")
# What the three kinds begin with: most of what is no picture needs no process to find out.
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
_MOST_TOLD = 16 * 1024 * 1024
_REASONS: dict[str, str | Promise] = {
    "BYTES": _("it is larger than 10 MB"),
    "EMPTY": _("the file is empty"),
    "KIND": _("it is not a JPEG, PNG or WebP picture"),
    "PIXELS": _("it has too many pixels (at most 25 million, 12 million for WebP)"),
    "FRAMES": _("it moves; a cover is a single picture"),
    "SMALL": _("it is too small: each side needs at least 100 pixels"),
    "SHAPE": _("it is more than three times as long as wide"),
    "SLOW": _("it takes too long to read"),
    "BROKEN": _("the file is damaged or cut short"),
}


@dataclass(frozen=True)
class Picture:
    """What the workshop made: files by name, and the size in pixels of the picture."""

    width: int
    height: int
    files: dict[str, bytes]


def too_large() -> BadImage:
    """Return what is said of a file that nobody needs to read to its end."""
    return _refusal("BYTES")


def clean(file: IO[bytes]) -> Picture:
    """Return a picture's pixels as one new file ("master.jpg"): upright, sRGB, nothing else in it.

    Takes JPEG, PNG and WebP of at most `MOST_BYTES` and 25 megapixels (WebP 12), whatever the file
    is called, in at most `MOST_SECONDS`. Raises `BadImage` for everything else.
    """
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise too_large()
    if not data:
        raise _refusal("EMPTY")
    if not data.startswith(_BEGINNINGS):
        raise _refusal("KIND")
    return _made(MOST_SECONDS, data, "clean")


def renditions(master: bytes, budgets: Mapping[int, int]) -> Picture:
    """Return the files that pages show ("240.webp", "240.jpg", …) of what `clean` made.

    `budgets` has the widths in pixels, and how many bytes the WebP of each may weigh.
    """
    wanted = [f"{width}:{most}" for width, most in budgets.items()]
    return _made(MOST_SECONDS_OF_A_JOB, master, "renditions", *wanted)


def _made(seconds: float, data: bytes, *work: str) -> Picture:
    # Files instead of pipes: whatever the workshop does, this process neither waits for it nor
    # holds more than it asked for.
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as told:
        given.write(data)
        given.seek(0)
        _run(work, seconds, given, told)
        told.seek(0)
        return _read(told.read(_MOST_TOLD))


def _run(work: tuple[str, ...], seconds: float, given: IO[bytes], told: IO[bytes]) -> None:
    try:
        done = subprocess.run(  # noqa: S603  # our own program
            [sys.executable, "-I", str(_WORKSHOP), *work],
            stdin=given,
            stdout=told,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refusal("SLOW") from None
    if done.returncode:  # killed by one of its limits
        raise _refusal("SLOW" if done.returncode < 0 else "BROKEN")


def _read(told: bytes) -> Picture:
    head, _newline, body = told.partition(b"\n")
    said: dict[str, Any] = json.loads(head)
    if "refused" in said:
        raise _refusal(said["refused"])
    files = {}
    for name, length in said["files"]:
        files[name], body = body[:length], body[length:]
    return Picture(said["width"], said["height"], files)


def _refusal(word: str) -> BadImage:
    return BadImage(reason=_REASONS[word], cause=word)
