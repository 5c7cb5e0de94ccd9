"""Which genres the subject codes of feeds lead to."""

from collections.abc import Iterable

from django.db.models import Q

from catalog.models import GenreCode

type SubjectCode = tuple[str, str]
LONGEST_CODE = 20


def genres_for(codes: Iterable[SubjectCode]) -> dict[SubjectCode, int]:
    """Return the genre's id for each (scheme, code) that leads to one: one query for all of them.

    The longest code that it begins with counts: where "FM" is mapped, "FMB" is of that genre too,
    unless "FMB" has a row of its own. Withdrawn genres count for nothing, so a shorter code gets
    its turn. Case and blanks around a code do not matter; keys are as they were given.
    """
    beginnings = {given: _beginnings(given[1]) for given in codes}
    known = _genres_by_code(beginnings)
    return {
        given: genre_id
        for given, candidates in beginnings.items()
        if (genre_id := _first(known, given[0], candidates)) is not None
    }


def _genres_by_code(wanted: dict[SubjectCode, list[str]]) -> dict[SubjectCode, int]:
    by_scheme: dict[str, set[str]] = {}
    for (scheme, _code), candidates in wanted.items():
        by_scheme.setdefault(scheme, set()).update(candidates)
    which = Q()
    for scheme, beginnings in by_scheme.items():
        which |= Q(scheme=scheme, code__in=beginnings)
    if not which:
        return {}
    rows = GenreCode.objects.filter(which, genre__deleted_at__isnull=True)
    return {
        (scheme, code): genre_id
        for scheme, code, genre_id in rows.values_list("scheme", "code", "genre_id")
    }


def _beginnings(code: str) -> list[str]:
    """Return the code and everything it begins with, the longest first."""
    tidied = code.strip().upper()[:LONGEST_CODE]
    return [tidied[:length] for length in range(len(tidied), 0, -1)]


def _first(known: dict[SubjectCode, int], scheme: str, candidates: list[str]) -> int | None:
    return next((known[scheme, code] for code in candidates if (scheme, code) in known), None)
