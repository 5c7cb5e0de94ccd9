"""Pictures from strangers: PROOFS T070 at the place where they are opened."""

import io
import resource
import subprocess
import sys
import time

import pytest
from PIL import Image

from catalog.covers import files
from catalog.errors import BadImage
from catalog.gateways import picture_workshop, pictures
from catalog.tests.pictures import HOSTILE, photograph, picture, with_everything

pytestmark = pytest.mark.req("CATL-07")
MEGABYTE = 1024 * 1024


def peak():
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def opened(data):
    return Image.open(io.BytesIO(data))


def master_of(data):
    return opened(pictures.clean(io.BytesIO(data)).files["master.jpg"])


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_in_time_and_in_words(name):
    make, cause = HOSTILE[name]
    data = make()
    before = peak()
    started = time.monotonic()

    with pytest.raises(BadImage) as refused:
        pictures.clean(io.BytesIO(data))

    assert time.monotonic() - started < pictures.MOST_SECONDS + 0.3
    assert refused.value.code == "BAD_IMAGE"
    assert refused.value.data["cause"] == cause
    assert refused.value.message.startswith("This picture cannot be used: ")
    assert peak() - before < 40 * MEGABYTE


@pytest.mark.parametrize(
    ("kind", "size", "mode"),
    [
        ("JPEG", (5_000, 5_000), "RGB"),
        ("JPEG", (5_000, 5_000), "CMYK"),
        ("PNG", (5_000, 5_000), "RGBA"),
        ("WEBP", (3_000, 4_000), "RGBA"),
    ],
)
def test_the_largest_honest_pictures_are_read_within_the_limits(kind, size, mode, monkeypatch):
    # The limits of processor and memory stay; a busy machine gives its processor later.
    monkeypatch.setattr(pictures, "MOST_SECONDS", 20)
    options = {"method": 0} if kind == "WEBP" else {}
    made = pictures.clean(io.BytesIO(picture(kind, size, mode=mode, **options)))

    assert max(made.width, made.height) == 2_000
    assert picture_workshop.MOST_MEMORY == 300 * MEGABYTE


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "L"), ("PNG", "P"), ("PNG", "1"), ("PNG", "LA"), ("WEBP", "RGB")],
)
def test_master_is_a_plain_picture_in_colour_whatever_it_was(kind, mode):
    master = master_of(picture(kind, (600, 900), mode=mode))

    assert (master.format, master.mode, master.size) == ("JPEG", "RGB", (600, 900))


def test_sixteen_bits_of_grey_become_eight():
    into = io.BytesIO()
    Image.new("I;16", (200, 300), 0x8000).save(into, "PNG")

    assert all(abs(part - 128) < 3 for part in master_of(into.getvalue()).getpixel((100, 100)))


def test_master_keeps_the_colours():
    master = master_of(picture("PNG", shade=(10, 90, 200)))

    shown = master.getpixel((300, 800))
    assert all(abs(got - want) < 6 for got, want in zip(shown, (10, 90, 200), strict=True))


def test_transparent_parts_become_paper():
    clear = Image.new("RGBA", (200, 300), (0, 0, 0, 0))
    into = io.BytesIO()
    clear.save(into, "PNG")

    assert master_of(into.getvalue()).getpixel((100, 100)) == (255, 255, 255)


def test_master_is_upright_and_tells_nothing():
    data = with_everything((400, 600))
    made = pictures.clean(io.BytesIO(data))
    kept = made.files["master.jpg"]
    master = opened(kept)

    assert (made.width, made.height) == master.size == (600, 400)
    how = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
    assert set(master.info) <= how
    assert dict(master.getexif()) == {}
    for secret in (b"SECRET", b"Exif", b"ICC_PROFILE", b"<html", b"<script"):
        assert secret in data or secret == b"Exif"
        assert secret not in kept


def test_renditions_have_their_widths_and_weigh_no_more_than_their_budgets():
    master = pictures.clean(io.BytesIO(photograph())).files["master.jpg"]
    made = pictures.renditions(master, files.BUDGETS)

    assert set(made.files) == {f"{w}.{kind}" for w in files.WIDTHS for kind in ("webp", "jpg")}
    for width in files.WIDTHS:
        webp, jpeg = (opened(made.files[f"{width}.{kind}"]) for kind in ("webp", "jpg"))
        assert (webp.format, webp.width, jpeg.format, jpeg.width) == ("WEBP", width, "JPEG", width)
        assert len(made.files[f"{width}.webp"]) <= files.BUDGETS[width]


def test_renditions_are_never_wider_than_the_picture():
    master = pictures.clean(io.BytesIO(picture(size=(300, 450)))).files["master.jpg"]
    made = pictures.renditions(master, files.BUDGETS)

    assert [opened(made.files[f"{w}.jpg"]).width for w in files.WIDTHS] == [240, 300, 300]


def test_workshop_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_SECONDS", 0.01)
    with pytest.raises(BadImage) as refused:
        pictures.clean(io.BytesIO(picture()))

    assert refused.value.data["cause"] == "SLOW"


def in_the_workshop(code):
    """Run code in a process that has bound itself as the workshop does."""
    program = (
        f"import runpy; bind = runpy.run_path({str(pictures._WORKSHOP)!r})['bind']; bind()\n{code}"
    )
    return subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, timeout=20, check=False
    )


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("x = bytearray(400_000_000)", b"MemoryError"),
        ("open('/dev/shm/t070','w').write('x' * 17_000_000)", b"File too large"),
    ],
)
def test_workshop_is_bound(code, says):
    done = in_the_workshop(code)

    assert done.returncode == 1
    assert says in done.stderr


def test_workshop_has_two_seconds_of_the_processor():
    done = in_the_workshop("while True: pass")

    assert done.returncode < 0


def test_control_what_the_workshop_may_do_is_allowed():
    assert in_the_workshop("x = bytearray(100_000_000)").returncode == 0
