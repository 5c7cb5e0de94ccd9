"""The staff's guide at the desk: the pages of docs/staff, for whoever is signed in there."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

FIRST = "welcome"
_NAME = re.compile(r"[a-z0-9-]{1,60}")


@dataclass(frozen=True)
class GuidePage:
    """A page of the guide: its name in addresses, its title, and its text as HTML."""

    name: str
    title: str
    body: SafeString


def page(site: Any, request: HttpRequest, name: str = FIRST) -> HttpResponse:
    """Show one page, with links to all others."""
    found = next((each for each in pages() if each.name == name), None)
    if found is None:
        raise Http404
    context = site.each_context(request) | {
        "title": found.title,
        "guide_page": found,
        "guide_pages": pages(),
    }
    return TemplateResponse(request, "admin/guide.html", context)


def image(site: Any, request: HttpRequest, name: str) -> HttpResponse:
    """Send one picture of the guide."""
    path = Path(settings.STAFF_GUIDE) / "images" / f"{name}.png"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="image/png")


@cache
def pages() -> tuple[GuidePage, ...]:
    """Return every page, the first one first, the others in the order in which it names them."""
    texts = {path.stem: path.read_text() for path in Path(settings.STAFF_GUIDE).glob("*.md")}
    named = re.findall(r"\(([a-z0-9-]+)\.md\)", texts.get(FIRST, ""))
    order = list(dict.fromkeys([FIRST, *named, *sorted(texts)]))
    return tuple(_read(name, texts[name]) for name in order if name in texts)


def _read(name: str, text: str) -> GuidePage:
    title, _, body = text.partition("\n")
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(body)
    for token in tokens:
        for child in token.children or []:
            _lead(child)
    # Ours, from the repository, and without raw HTML.
    html = mark_safe(reader.renderer.render(tokens, reader.options, {}))  # noqa: S308
    return GuidePage(name, title.removeprefix("# ").strip(), html)


def _lead(token: Token) -> None:
    """Let links between the files, and to their pictures, lead to the desk's addresses."""
    target = str(token.attrs.get("href", "") or token.attrs.get("src", ""))
    own = re.fullmatch(r"(?:images/)?([a-z0-9-]+)\.(md|png)", target)
    if own and token.type == "link_open":
        token.attrs["href"] = reverse("admin:guide", args=[own[1]])
    elif own and token.type == "image":
        token.attrs["src"] = reverse("admin:guide_image", args=[own[1]])
        token.attrs["loading"] = "lazy"
