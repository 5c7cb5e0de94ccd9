"""Addresses made many to a page: the shop's URL table is asked once for each shape."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse

_SLUG, _ID = "a-slug", 9_007_199


def path_of(name: str, slug: str, id_: int) -> str:
    """Return the address of a named route that takes a slug and an id."""
    return _shape(name, get_script_prefix(), True).format(slug=slug, id=id_)


def path_by_id(name: str, id_: int) -> str:
    """Return the address of a named route that takes an id only."""
    return _shape(name, get_script_prefix(), False).format(id=id_)


@lru_cache(maxsize=64)
def _shape(name: str, prefix: str, with_slug: bool) -> str:
    path = reverse(name, args=[_SLUG, _ID] if with_slug else [_ID])
    return (
        path.replace("{", "{{")
        .replace("}", "}}")
        .replace(_SLUG, "{slug}")
        .replace(str(_ID), "{id}")
    )
