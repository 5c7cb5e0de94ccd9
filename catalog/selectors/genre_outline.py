"""The tree of genres as an outline: for lists that show all of it, withdrawn genres included."""

from dataclasses import dataclass

from catalog.models import Genre


@dataclass(frozen=True)
class OutlineRow:
    """A genre and how deep it stands; `place` sorts as the outline does."""

    id: int
    name: str
    depth: int
    place: int


def outline() -> list[OutlineRow]:
    """Return every genre below the one it is part of (one query)."""
    rows = Genre.objects.order_by("position", "name", "id").values_list("id", "name", "parent_id")
    below: dict[int | None, list[tuple[int, str]]] = {}
    for genre_id, name, parent_id in rows:
        below.setdefault(parent_id, []).append((genre_id, name))
    found: list[OutlineRow] = []
    waiting = [(genre_id, name, 0) for genre_id, name in reversed(below.get(None, []))]
    while waiting:
        genre_id, name, depth = waiting.pop()
        found.append(OutlineRow(genre_id, name, depth, place=len(found)))
        waiting += [(child, title, depth + 1) for child, title in reversed(below.get(genre_id, []))]
    return found
