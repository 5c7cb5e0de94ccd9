"""Drawing a cover: the work decides cloth and mood, the edition decides the layout."""

import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from catalog.covers import lettering
from catalog.covers.colours import HUES, Scheme, scheme
from catalog.covers.lettering import LEADING, Setting

WIDTH, HEIGHT = 240, 360
MARGIN = 8  # nothing that is read comes closer to the edge
# Part of every cover's key: raise it when the drawing changes.
DESIGN = 1
SERIF = "Iowan Old Style,Palatino,URW Palladio L,P052,Noto Serif,Georgia,serif"
TITLE_SIZES = (46, 42, 38, 34, 30, 27, 24, 21, 19, 17, 15, 13)
AUTHOR_SIZES = (15, 14, 13, 12, 11)
AUTHOR_HEIGHT = 40
SPACING = 0.4  # between the letters of the author's name


@dataclass(frozen=True)
class Layout:
    """Where type stands: its left edge (or middle), its room, baseline of the first line."""

    x: float
    room: float
    top: float
    height: float
    author_bottom: float
    ornament: Callable[[bytes, Scheme], str]
    centred: bool = False


def cover_svg(*, work_id: int, edition: int, title: str, author: str) -> str:
    """Return the cover as an SVG document, 240 by 360, the same for the same arguments.

    `edition` counts a work's editions from 0: they share the cloth and differ in layout.
    """
    digest = hashlib.sha256(f"work {work_id}".encode()).digest()
    colours = scheme(HUES[digest[0] % len(HUES)], digest[2] % 3 == 0, digest[3] % 4)
    layout = LAYOUTS[(digest[1] + edition) % len(LAYOUTS)]
    title, author = lettering.cleaned(title), lettering.cleaned(author)
    # Right-to-left books are bound on the other side: the whole plate is mirrored, type is not.
    mirrored = lettering.is_right_to_left(title)
    ornament = layout.ornament(digest, colours)
    if mirrored:
        ornament = f'<g transform="matrix(-1 0 0 1 {WIDTH} 0)">{ornament}</g>'
    label = escape(f"{title} – {author}" if author else title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" role="img" aria-label="{label}" font-family="{SERIF}">'
        f'<path fill="{colours.cloth}" d="M0 0h{WIDTH}v{HEIGHT}H0z"/>{ornament}'
        f'<g fill="{colours.text}">{_lettering(layout, title, author, mirrored)}</g></svg>'
    )


def key_of(work_id: int, title: str, author: str) -> str:
    """Return a short key that changes whenever the cover does: for addresses kept for ever."""
    return f"{DESIGN}{zlib.crc32(f'{work_id}|{title}|{author}'.encode(errors='replace')):08x}"


def _lettering(layout: Layout, title: str, author: str, mirrored: bool) -> str:
    name = lettering.fitted(title, sizes=TITLE_SIZES, room=layout.room, height=layout.height)
    by = lettering.fitted(
        author, sizes=AUTHOR_SIZES, room=layout.room - 24 * SPACING, height=AUTHOR_HEIGHT
    )
    first = layout.author_bottom - (len(by.lines) - 1) * by.size * LEADING
    return _block(layout, name, layout.top + 0.75 * name.size, mirrored, ' font-weight="600"') + (
        _block(layout, by, first, mirrored, f' letter-spacing="{SPACING}"')
    )


def _block(layout: Layout, setting: Setting, y: float, mirrored: bool, style: str) -> str:
    if not setting.lines:
        return ""
    x = WIDTH - layout.x if mirrored else layout.x
    anchor = ' text-anchor="middle"' if layout.centred else ""
    direction = ' direction="rtl"' if mirrored else ""
    lines = "".join(
        f'<tspan x="{x:g}" y="{y + at * setting.size * LEADING:.1f}">{escape(line)}</tspan>'
        for at, line in enumerate(setting.lines)
    )
    return f'<text font-size="{setting.size:g}"{anchor}{direction}{style}>{lines}</text>'


def _stroked(path: str, colour: str, width: float) -> str:
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>'


def _rules(digest: bytes, colours: Scheme) -> str:
    return _stroked("M20 56h200M20 304h200", colours.ornament, 3) + _stroked(
        "M20 62h200M20 298h200", colours.ornament, 0.75
    )


def _frame(digest: bytes, colours: Scheme) -> str:
    diamond = 252 + digest[4] % 12
    return (
        _stroked("M14 14h212v332H14z", colours.ornament, 2)
        + _stroked("M20 20h200v320H20z", colours.ornament, 0.75)
        + f'<path fill="{colours.ornament}" d="M120 {diamond - 9}l7 9-7 9-7-9z"/>'
        + _stroked(f"M76 {diamond}h32M132 {diamond}h32", colours.ornament, 1)
    )


def _spine(digest: bytes, colours: Scheme) -> str:
    bands = "".join(f"M0 {y}h30" for y in (44, 50, 310, 316))
    return f'<path fill="{colours.ornament}" d="M0 0h30v360H0z"/>' + _stroked(
        bands, colours.cloth, 2
    )


def _dots(digest: bytes, colours: Scheme) -> str:
    circles = "".join(
        f'<circle cx="{30 + at % 6 * 36}" cy="{216 + at // 6 * 36}" r="{4 + digest[4 + at] % 11}"'
        f' opacity="{0.35 + digest[4 + at] % 50 / 100:.2f}"/>'
        for at in range(18)
    )
    return f'<g fill="{colours.ornament}">{circles}</g>'


def _waves(digest: bytes, colours: Scheme) -> str:
    paths: Sequence[str] = [
        f"M0 {226 + at * 12}Q60 {196 + digest[6 + at] % 56 + at * 10} 120 {224 + at * 12}"
        f"T240 {218 + at * 12}"
        for at in range(7)
    ]
    return "".join(_stroked(path, colours.ornament, 2 - at * 0.2) for at, path in enumerate(paths))


def _arch(digest: bytes, colours: Scheme) -> str:
    """Arches one inside the other, as on a title page's printer's device."""
    inner = range(3 + digest[5] % 4)
    return "".join(
        _stroked(
            f"M{52 + at * 10} 300V{248}a{68 - at * 10} {68 - at * 10} 0 0 1 {136 - at * 20} 0V300",
            colours.ornament,
            1.75,
        )
        for at in inner
    ) + _stroked("M40 300h160", colours.ornament, 1.75)


LAYOUTS = (
    Layout(20, 200, 84, 196, 332, _rules),
    Layout(120, 168, 60, 172, 318, _frame, centred=True),
    Layout(46, 178, 50, 230, 338, _spine),
    Layout(20, 200, 32, 158, 340, _dots),
    Layout(120, 200, 34, 156, 340, _waves, centred=True),
    Layout(120, 200, 30, 138, 338, _arch, centred=True),
)
