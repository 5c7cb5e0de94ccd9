"""The program that opens pictures: a process of its own, for what is in them may be hostile.

`python -I picture_workshop.py clean`, or `… renditions 240:10000 480:28000` for pictures of these
widths that weigh no more than that; the picture on standard input, the answer on standard output:
a line of JSON ({"refused": …} or {"width": …, "height": …, "files": [[name,
bytes], …]}) and then the files one after the other. It knows neither Django nor the shop, gets no
environment, and binds itself before it reads the first byte: memory, seconds of processor, bytes
written, no other files. `catalog.gateways.pictures` starts it.
"""

import io
import json
import os
import resource
import sys
import warnings
from typing import Any

from PIL import Image, ImageCms, ImageOps

MEGABYTE = 1024 * 1024
MOST_MEMORY = 300 * MEGABYTE
MOST_PROCESSOR = 2  # seconds
MOST_WRITTEN = 16 * MEGABYTE
MOST_PIXELS = 25_000_000
# libwebp holds two canvases beside Pillow's own.
MOST_PIXELS_OF_WEBP = 12_000_000
FEWEST_PIXELS_OF_A_SIDE = 100
MOST_TIMES_LONGER = 3
KINDS = ("JPEG", "PNG", "WEBP")
# Of the longer side: enough for a screen of any density, little enough to keep.
MASTER_SIDE = 2_000
MASTER_QUALITY = 92
QUALITIES = (80, 72, 64, 56, 48, 40, 32, 24, 16)


class Refused(Exception):
    """The picture is not taken; the word says why."""


def bind() -> None:
    """Take this process's freedoms away, for good."""
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_PROCESSOR),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (most, most))
    os.nice(5)


def opened(data: bytes) -> Any:
    """Return the picture with its pixels not read yet, if its head says nothing absurd."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=KINDS)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused("PIXELS") from None
    width, height = picture.size
    if width * height > (MOST_PIXELS_OF_WEBP if picture.format == "WEBP" else MOST_PIXELS):
        raise Refused("PIXELS")
    # Cameras put a second picture behind the first (MPO); only the first is read.
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) != 1:
        raise Refused("FRAMES")
    if min(width, height) < FEWEST_PIXELS_OF_A_SIDE:
        raise Refused("SMALL")
    if max(width, height) > MOST_TIMES_LONGER * min(width, height):
        raise Refused("SHAPE")
    return picture


def plain(picture: Any) -> Any:
    """Return upright pixels in sRGB and nothing else: no metadata, no profile, no transparency."""
    profile = picture.info.get("icc_profile")
    turned = picture.getexif().get(0x0112)
    picture.draft(None, (MASTER_SIDE, MASTER_SIDE))
    picture.load()
    if picture.mode.startswith("I"):  # sixteen bits of grey
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("P", "PA", "LA", "La", "RGBa", "1") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    picture.thumbnail((MASTER_SIDE, MASTER_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture = paper
    picture = in_srgb(picture, profile)
    if turned in range(2, 9):
        exif = Image.Exif()
        exif[0x0112] = turned
        picture.info["exif"] = exif.tobytes()
        picture = ImageOps.exif_transpose(picture)
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    return bare


def in_srgb(picture: Any, profile: bytes | None) -> Any:
    """Turn the colours of a profile into the ones every screen knows."""
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that is none, or another kind of picture's
    return picture.convert("RGB")


def clean(data: bytes) -> tuple[Any, list[tuple[str, bytes]]]:
    """Return the picture and the one file that is kept of it."""
    picture = plain(opened(data))
    return picture, [("master.jpg", encoded(picture, "JPEG", MASTER_QUALITY))]


def renditions(data: bytes, *wanted: str) -> tuple[Any, list[tuple[str, bytes]]]:
    """Return the picture in each width (never wider than it is), as WebP and as JPEG."""
    picture = plain(opened(data))
    files = []
    for width, budget in (map(int, each.split(":")) for each in wanted):
        smaller = picture.copy()
        smaller.thumbnail((width, width * MOST_TIMES_LONGER), Image.Resampling.LANCZOS)
        files.append((f"{width}.webp", within(budget, smaller)))
        files.append((f"{width}.jpg", encoded(smaller, "JPEG", QUALITIES[0])))
    return picture, files


def within(budget: int, picture: Any) -> bytes:
    """Return the picture as WebP of the best quality that weighs no more than `budget`."""
    low, high = 0, len(QUALITIES) - 1
    best = b""
    while low <= high:
        middle = (low + high) // 2
        tried = encoded(picture, "WEBP", QUALITIES[middle])
        if len(tried) <= budget:
            best, high = tried, middle - 1
        else:
            low = middle + 1
    return best or encoded(picture, "WEBP", QUALITIES[-1])


def encoded(picture: Any, kind: str, quality: int) -> bytes:
    """Return a file of the picture."""
    into = io.BytesIO()
    special = {"method": 4} if kind == "WEBP" else {"optimize": True, "progressive": True}
    picture.save(into, kind, quality=quality, **special)
    return into.getvalue()


def answer(data: bytes, work: str, *wanted: str) -> bytes:
    """Return what goes to standard output."""
    try:
        picture, files = {"clean": clean, "renditions": renditions}[work](data, *wanted)
    except Refused as refusal:
        return json.dumps({"refused": str(refusal)}).encode() + b"\n"
    except MemoryError:
        return b'{"refused": "PIXELS"}\n'
    except Exception:  # noqa: BLE001  # a broken picture breaks decoders in any way it likes
        return b'{"refused": "BROKEN"}\n'
    told = {
        "width": picture.width,
        "height": picture.height,
        "files": [[name, len(content)] for name, content in files],
    }
    return json.dumps(told).encode() + b"\n" + b"".join(content for _name, content in files)


if __name__ == "__main__":
    bind()
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read(), *sys.argv[1:]))
