"""Examples of what a file would change, for the eyes of whoever decides."""

from collections.abc import Sequence
from typing import Any

from catalog.models import Contributor, Genre, Publisher, Series
from catalog.services.imports.plans import Plan

MOST_EXAMPLES = 20  # of new books, and as many of changed ones
LONGEST_VALUE = 300
# Follow from others, or say nothing to people.
_SILENT = {"sort_title", "sort_author", "slug", "work_id"}
_NAMED = {"publisher_id": Publisher, "series_id": Series}


def add_examples(preview: list[dict[str, Any]], plans: Sequence[Plan]) -> None:
    """Add to a preview what these plans change, as long as there is room.

    Each is {"isbn", "title", "is_new", "changes": [{"field", "old", "new"}]}. A few statements for
    each example, none when there is no room.
    """
    for is_new in (True, False):
        room = MOST_EXAMPLES - sum(each["is_new"] is is_new for each in preview)
        fitting = [plan for plan in plans if (not plan.before) is is_new]
        preview.extend(_example(plan) for plan in fitting[: max(0, room)])


def _example(plan: Plan) -> dict[str, Any]:
    changes = [] if not plan.before else list(_changes(plan))
    book = plan.book
    return {
        "isbn": book.isbn13,
        "title": book.title,
        "is_new": not plan.before,
        "changes": [{"field": name, "old": old, "new": new} for name, old, new in changes],
    }


def _changes(plan: Plan) -> list[tuple[str, str, str]]:
    found = []
    for name, old in plan.before.items():
        new = getattr(plan.book, name, None)
        if name == "credits":
            new = plan.credits if plan.credits is not None else old
        elif name == "genres":
            new = plan.genres if plan.genres is not None else old
        if new != old and name not in _SILENT:
            found.append((name.removesuffix("_id"), _shown(name, old), _shown(name, new)))
    return found


def _shown(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name == "credits":
        names = dict(_names(Contributor, [person for person, _role in value]))
        text = "; ".join(names.get(person, "") for person, _role in value)
    elif name == "genres":
        text = "; ".join(sorted(dict(_names(Genre, value)).values()))
    elif name in _NAMED:
        text = dict(_names(_NAMED[name], [value])).get(value, "")
    else:
        text = str(value)
    return text[:LONGEST_VALUE]


def _names(model: Any, ids: Any) -> Any:
    return model.objects.filter(pk__in=ids).values_list("pk", "name")
