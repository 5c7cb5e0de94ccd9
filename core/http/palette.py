"""What the command palette finds: things to do, pages, then the first few rows of each kind."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from unfold.dataclasses import SearchResult

SHOWN_PER_MODEL = 5
SHORTEST_TERM = 2


def results(site: Any, request: HttpRequest, term: str) -> list[SearchResult]:
    """Return what `term` means to this user; only what their role may see and do.

    Where a list is certain that the term is one of its rows (a whole ISBN), it alone is asked.
    Else at most one query for each kind of row, and none that reads a whole table.
    """
    admins = [admin for admin in _searched(site, request) if admin.names_a_row(term)]
    if admins:
        found = list(_rows(site, request, admins, term))
        if found:
            return found
    wanted = term.lower().split()
    hits = [*_actions(request, wanted), *_pages(site, request, wanted)]
    if len(term) >= SHORTEST_TERM:
        hits += _rows(site, request, _searched(site, request), term)
    return hits


def _actions(request: HttpRequest, wanted: list[str]) -> Iterator[SearchResult]:
    actions: list[dict[str, Any]] = settings.DESK_ACTIONS
    for action in actions:
        if _says(action["title"], wanted) and action["permission"](request):
            yield SearchResult(
                title=action["title"],
                description=_("Do"),
                link=str(action["link"]),
                icon=action["icon"],
            )


def _pages(site: Any, request: HttpRequest, wanted: list[str]) -> Iterator[SearchResult]:
    for group in site.get_sidebar_list(request):
        for item in group["items"]:
            if item["has_permission"] and _says(item["title"], wanted):
                yield SearchResult(
                    title=item["title"],
                    description=group["title"],
                    link=str(item["link"]),
                    icon=item["icon"],
                )


def _says(title: Any, wanted: Iterable[str]) -> bool:
    words = str(title).lower()
    return all(word in words for word in wanted)


def _searched(site: Any, request: HttpRequest) -> list[Any]:
    """Return the lists that this user may see and search, in the order of the apps."""
    admins = [
        site._registry[model["model"]]
        for app in site.get_app_list(request)
        for model in app["models"]
    ]
    return [
        admin
        for admin in admins
        if getattr(admin, "in_palette", False) and admin.get_search_fields(request)
    ]


def _rows(
    site: Any, request: HttpRequest, admins: Iterable[Any], term: str
) -> Iterator[SearchResult]:
    for admin in admins:
        found, _many = admin.get_search_results(request, admin.get_queryset(request), term)
        page = f"{site.name}:{admin.opts.app_label}_{admin.opts.model_name}_change"
        for row in found[:SHOWN_PER_MODEL]:
            yield SearchResult(
                title=str(row),
                description=admin.palette_note(row),
                link=reverse(page, args=[row.pk]),
                icon="arrow_right",
            )
