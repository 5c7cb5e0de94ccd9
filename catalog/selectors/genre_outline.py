"""The tree of genres as an outline: for lists that show all of it, withdrawn genres included."""

from dataclasses import dataclass

from catalog.models import Genre

INDENT = "\u2003"


@dataclass(frozen=True)
class OutlineRow:
    """A genre and how deep it stands."""

    id: int
    name: str
    depth: int

    @property
    def indented(self) -> str:
        """The name, as deep as the genre stands: for lists to choose from."""
        return f"{INDENT * self.depth}{self.name}"


def outline() -> list[OutlineRow]:
    """Return every genre below the one it is part of (one query)."""
    genres = Genre.objects.in_order().values_list("id", "name", "tree_depth")  # type: ignore[misc]
    return [OutlineRow(*genre) for genre in genres]
