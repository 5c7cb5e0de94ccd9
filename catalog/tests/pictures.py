"""Pictures for tests: honest ones, and the corpus of hostile files (T070), all made here."""

import io
import struct
import zlib

from PIL import Image, ImageCms

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<html><script>alert(document.domain)</script></html>"


def picture(kind="JPEG", size=(600, 900), *, mode="RGB", shade=(170, 60, 40), **options):
    """Return an honest picture: a field of one colour with a lighter half."""
    drawn = Image.new("RGB", size, shade)
    drawn.paste((240, 230, 210), (0, 0, size[0], size[1] // 2))
    into = io.BytesIO()
    drawn.convert(mode).save(into, kind, **options)
    return into.getvalue()


def photograph(size=(1400, 2100)):
    """Return a picture that is as hard to pack as a printed cover: noise over a gradient."""
    grain = Image.effect_noise(size, 40).convert("RGB")
    slope = Image.linear_gradient("L").resize(size).convert("RGB")
    into = io.BytesIO()
    Image.blend(slope, grain, 0.25).save(into, "JPEG", quality=90)
    return into.getvalue()


def with_everything(size=(400, 600)):
    """Return a JPEG lying on its side, with a place, a profile, a comment and a page behind it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SECRETMAKER"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = picture(size=size, exif=exif.tobytes(), icc_profile=profile, comment=b"SECRETCOMMENT")
    return data + HTML


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *extra):
    """Return a PNG whose head claims a size that its one pixel does not have."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\x00\xff\xff\xff"))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(extra) + pixels + chunk(b"IEND", b"")
    )


def jpeg_claiming(width, height):
    """Return an honest JPEG whose head was changed to claim another size."""
    data = bytearray(picture(size=(120, 180)))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def moving(kind, frames):
    """Return an animation."""
    size = (100, 100)
    shades = [Image.new("L", size, at % 256) for at in range(frames)]
    into = io.BytesIO()
    shades[0].save(into, kind, save_all=True, append_images=shades[1:], duration=10)
    return into.getvalue()


def moving_10_000():
    """Return an APNG of ten thousand frames, as small as such a thing gets."""
    head = struct.pack(">IIBBBBB", 100, 100, 8, 0, 0, 0, 0)
    packed = zlib.compress(b"\x00" * 101 * 100)
    parts = [chunk(b"IHDR", head), chunk(b"acTL", struct.pack(">II", 10_000, 0))]
    number = 0
    for frame in range(10_000):
        control = struct.pack(">IIIIIHHBB", number, 100, 100, 0, 0, 1, 100, 0, 0)
        parts.append(chunk(b"fcTL", control))
        number += 1
        if frame:
            parts.append(chunk(b"fdAT", struct.pack(">I", number) + packed))
            number += 1
        else:
            parts.append(chunk(b"IDAT", packed))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def ztxt_bomb(megabytes=200):
    """Return a PNG with a compressed comment that unpacks to this much."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()
    return png(1, 1, chunk(b"zTXt", b"Comment\x00\x00" + packed))


def packed_pixels(side):
    """Return a PNG that really has all the pixels that it claims, of one shade."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    packer = zlib.compressobj(1)
    row = b"\x00" * (1 + 3 * side)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def fits():
    """Return a picture of astronomers, compressed so that it would unpack for ever."""
    cards = ["SIMPLE  =                    T", "BITPIX  =                    8"]
    cards += ["NAXIS   =                    2", "NAXIS1  =                10000"]
    cards += ["NAXIS2  =                10000", "END"]
    return "".join(f"{card:<80}" for card in cards).ljust(2880).encode() + bytes(2880)


# name of the file: (what makes it, the cause that we tell)
HOSTILE = {
    "60000x60000.png": (lambda: png(60_000, 60_000), "PIXELS"),
    "300-megapixels.jpg": (lambda: jpeg_claiming(20_000, 15_000), "PIXELS"),
    "26-megapixels.png": (lambda: packed_pixels(5_100), "PIXELS"),
    "13-megapixels.webp": (
        lambda: picture("WEBP", (3_000, 4_334), quality=1, method=0),
        "PIXELS",
    ),
    "10000-frames.png": (moving_10_000, "FRAMES"),
    "moving.webp": (lambda: moving("WEBP", 20), "FRAMES"),
    "moving.gif": (lambda: moving("GIF", 20), "KIND"),
    "stars.fits": (fits, "KIND"),
    "stars.jpg": (fits, "KIND"),
    "drawing.eps": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 600 900\n", "KIND"),
    "layers.psd": (
        lambda: b"8BPS\x00\x01" + bytes(6) + struct.pack(">HIIHH", 3, 9, 6, 8, 3),
        "KIND",
    ),
    "ztxt.png": (ztxt_bomb, "BROKEN"),
    "truncated.jpg": (lambda: picture()[:-4_000], "BROKEN"),
    "truncated.png": (lambda: picture("PNG")[:-500], "BROKEN"),
    "truncated.webp": (lambda: picture("WEBP")[:-300], "BROKEN"),
    "head-only.jpg": (lambda: b"\xff\xd8\xff", "BROKEN"),
    "riff.webp": (lambda: b"RIFF\x10\x00\x00\x00WAVEfmt \x00\x00", "BROKEN"),
    "page.gif": (lambda: b"GIF89a/*" + HTML + b"*/=1;", "KIND"),
    "script.svg": (lambda: SVG, "KIND"),
    "script.png": (lambda: SVG, "KIND"),
    "../../etc/x.png": (lambda: HTML, "KIND"),
    "..\\..\\x.png": (lambda: HTML, "KIND"),
    "empty.jpg": (lambda: b"", "EMPTY"),
    "50-megabytes.jpg": (lambda: picture() + bytes(50_000_000), "BYTES"),
    "pixel.png": (lambda: png(1, 1), "SMALL"),
    "ribbon.png": (lambda: picture("PNG", (100, 400)), "SHAPE"),
}
