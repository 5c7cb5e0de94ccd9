"""Every address that the shop answers, as the URL configuration has them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RegexPattern

PARAMETER = re.compile(r"<(?:[a-z_]+:)?([a-z_]+)>")


@dataclass(frozen=True)
class Route:
    """An address with its parameters in angle brackets, and what answers it."""

    path: str
    name: str
    view: Any

    @property
    def area(self) -> str:
        """Whose manners it has: the API's, the staff desk's or a page's."""
        first = self.path.split("/")[1]
        return {"api": "api", "admin": "desk"}.get(first, "page")

    def url(self, values: dict[str, object]) -> str:
        """Fill the parameters in."""
        return PARAMETER.sub(lambda found: str(values[found[1]]), self.path)


def all_routes() -> list[Route]:
    """Return every route once; of two with the same address the first answers."""
    routes: dict[str, Route] = {}
    for route in _walk(get_resolver().url_patterns, "/", ""):
        routes.setdefault(route.path, route)
    return sorted(routes.values(), key=lambda route: (route.area, route.path))


def _walk(patterns: list[Any], prefix: str, namespace: str) -> Iterator[Route]:
    for each in patterns:
        text = str(each.pattern)
        if isinstance(each.pattern, RegexPattern):
            text = simplify_regex(text).lstrip("/")
        path = prefix + text
        if isinstance(each, URLPattern):
            yield Route(path, f"{namespace}{each.name or ''}", each.callback)
        else:
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _walk(each.url_patterns, path, inner)
