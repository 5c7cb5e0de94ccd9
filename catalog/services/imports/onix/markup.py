"""Texts with markup in them, in elements or escaped, as plain text in paragraphs."""

import html
import re

from lxml import etree

# Longer texts than any blurb: what follows is cut before anybody works on it.
LONGEST_TEXT = 50_000
_TAG = re.compile(r"(<[/!?a-zA-Z][^<>]*>)")
_NAME = re.compile(r"</?(?:[\w-]+:)?([a-zA-Z][a-zA-Z0-9]*)")
_PARAGRAPHS = frozenset(
    (
        *("p", "div", "section", "blockquote", "ul", "ol", "dl", "table", "tr"),
        *("h1", "h2", "h3", "h4", "h5", "h6"),
    )
)
_LINES = frozenset(("br", "li", "dt", "dd"))
_HIDDEN = frozenset(("script", "style", "head", "template"))
_MOST_ROUNDS = 3


def plain_text(element: etree._Element) -> str:
    """Return an element's text without any markup; paragraphs are parted by an empty line."""
    if len(element):
        written = etree.tostring(element, encoding="unicode", with_tail=False)
    else:
        written = html.escape(element.text or "", quote=False)
    text = _without_tags(written[:LONGEST_TEXT])
    # Markup that was escaped, once or twice, has come to light with the entities.
    for _round in range(_MOST_ROUNDS):
        if not _TAG.search(html.unescape(text)):
            break
        text = _without_tags(text)
    return text


def _without_tags(written: str) -> str:
    pieces: list[str] = []
    hidden = ""
    is_markup = False
    for piece in _TAG.split(written):
        match = _NAME.match(piece) if piece.startswith("<") else None
        name = match[1].lower() if match else ""
        if hidden:
            hidden = "" if name == hidden and piece.startswith("</") else hidden
        elif name in _HIDDEN and piece.startswith("<") and not piece.endswith("/>"):
            hidden = name
        elif name in _PARAGRAPHS:
            pieces.append("\0\0")
            is_markup = True
        elif name in _LINES and not piece.startswith("</"):
            pieces.append("\0")
            is_markup = True
        elif not _TAG.fullmatch(piece):
            pieces.append(piece)
    return _lines(html.unescape("".join(pieces)), is_markup=is_markup)


def _lines(text: str, *, is_markup: bool) -> str:
    """Return the text with tidy lines; in markup, line ends of the source are mere blanks."""
    if is_markup:
        text = " ".join(text.replace("\0", " \0 ").split())
        text = re.sub(r"(?: ?\0)+ ?", lambda gap: "\n\n" if gap[0].count("\0") > 1 else "\n", text)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
