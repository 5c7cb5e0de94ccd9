"""People, publishers and series that books name: found by name, or made."""

from collections.abc import Callable, Iterable

from catalog import text
from catalog.models import Contributor, Publisher, Series


def ensure_contributors(names: Iterable[str]) -> dict[str, Contributor]:
    """Return the people of these names, making those who are not there yet.

    At most three statements, whatever the number of names. Names must be tidy (`text.tidy`).
    Joins the caller's transaction.
    """
    return _ensure(
        Contributor,
        sorted(set(names)),
        lambda name: Contributor(
            name=name,
            sort_name=text.sort_name_of(name)[:200],
            slug=text.slug_of(name, otherwise="author"),
        ),
    )


def ensure_publishers(names: Iterable[str]) -> dict[str, Publisher]:
    """Return the publishers of these names, making those that are not there yet."""
    return _ensure(
        Publisher,
        sorted(set(names)),
        lambda name: Publisher(name=name, slug=text.slug_of(name, otherwise="publisher")),
    )


def ensure_series(names: Iterable[str]) -> dict[str, Series]:
    """Return the series of these names, making those that are not there yet."""
    return _ensure(
        Series,
        sorted(set(names)),
        lambda name: Series(name=name, slug=text.slug_of(name, otherwise="series")),
    )


def _ensure[M: (Contributor, Publisher, Series)](
    model: type[M], names: list[str], make: Callable[[str], M]
) -> dict[str, M]:
    if not names:
        return {}
    found = _named(model, names)
    missing = [name for name in names if name not in found]
    if missing:
        # Sorted, so that two who make the same names wait for each other and never in a ring.
        model.objects.bulk_create([make(name) for name in missing], ignore_conflicts=True)
        found |= _named(model, missing)
    return found


def _named[M: (Contributor, Publisher, Series)](model: type[M], names: list[str]) -> dict[str, M]:
    return {row.name: row for row in model.objects.filter(name__in=names)}
