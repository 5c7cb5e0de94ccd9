"""The tree of genres. Few rows, so walks down and up it are one recursive query each."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.urls import reverse

from catalog import errors
from catalog.models import Genre

_BELOW = """
    WITH RECURSIVE below (id) AS (
        SELECT id FROM catalog_genre
         WHERE deleted_at IS NULL AND (id = ANY(%s) OR slug = ANY(%s))
        UNION
        SELECT child.id FROM catalog_genre child JOIN below ON child.parent_id = below.id
         WHERE child.deleted_at IS NULL
    )
    SELECT id FROM below ORDER BY id
"""
_ABOVE = """
    WITH RECURSIVE above (id) AS (
        SELECT unnest(%s::bigint[])
        UNION
        SELECT genre.parent_id FROM catalog_genre genre JOIN above ON genre.id = above.id
         WHERE genre.parent_id IS NOT NULL
    )
    SELECT genre.id, genre.name, genre.slug, genre.parent_id
      FROM catalog_genre genre JOIN above ON above.id = genre.id
     WHERE genre.deleted_at IS NULL
"""
# A book in a genre and in one below it counts once.
_COUNTS = """
    WITH RECURSIVE within (top, id) AS (
        SELECT id, id FROM catalog_genre WHERE deleted_at IS NULL
        UNION
        SELECT within.top, child.id
          FROM within JOIN catalog_genre child ON child.parent_id = within.id
         WHERE child.deleted_at IS NULL
    )
    SELECT within.top, count(DISTINCT link.book_id)
      FROM within
      JOIN catalog_bookgenre link ON link.genre_id = within.id
      JOIN catalog_book book ON book.id = link.book_id AND book.deleted_at IS NULL
     WHERE %s::bigint[] IS NULL OR within.top = ANY(%s)
     GROUP BY within.top
"""


@dataclass(frozen=True)
class GenreLink:
    """A genre's name and address."""

    id: int
    name: str
    slug: str
    parent_id: int | None

    @property
    def path(self) -> str:
        """The genre's page."""
        return reverse("catalog:genre", args=[self.slug])


@dataclass(frozen=True)
class GenreNode(GenreLink):
    """A genre with what is below it; `book_count` includes every genre below, each book once."""

    book_count: int
    children: list["GenreNode"] = field(default_factory=list)


@dataclass(frozen=True)
class GenrePage:
    """A genre's own page: the way to it from the top, and the tree from it down."""

    genre: GenreNode
    ancestors: list[GenreLink]


def genre_tree() -> list[GenreNode]:
    """Return the top genres with everything below them and counts (two queries)."""
    return _tree()[0]


def genre_page(value: str | int) -> GenrePage:
    """Return one genre by id or slug (two queries); raise `GenreNotFound`."""
    _roots, nodes = _tree()
    text = str(value)
    found = nodes.get(int(text)) if text.isascii() and text.isdigit() else None
    found = found or next((node for node in nodes.values() if node.slug == text), None)
    if found is None:
        raise errors.GenreNotFound
    ancestors: list[GenreLink] = []
    above = nodes.get(found.parent_id or 0)
    while above is not None and above not in ancestors:
        ancestors.insert(0, above)
        above = nodes.get(above.parent_id or 0)
    return GenrePage(found, ancestors)


def ids_below(values: Sequence[str | int]) -> list[int]:
    """Return the ids of genres (named by id or slug) and of all genres below them (one query)."""
    texts = [str(value) for value in values]
    ids = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= 18]
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [ids, texts])
        return [row[0] for row in cursor.fetchall()]


def with_ancestors(ids: Sequence[int]) -> dict[int, GenreLink]:
    """Return genres and every genre above them by id (one query)."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, [list(ids)])
        return {row[0]: GenreLink(*row) for row in cursor.fetchall()}


def _tree() -> tuple[list[GenreNode], dict[int, GenreNode]]:
    rows = list(
        Genre.objects.active()
        .order_by("position", "name", "id")
        .values_list("id", "name", "slug", "parent_id")
    )
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [None, None])
        counts = dict(cursor.fetchall())
    nodes = {row[0]: GenreNode(*row, book_count=counts.get(row[0], 0)) for row in rows}
    roots: list[GenreNode] = []
    for node in nodes.values():
        parent = nodes.get(node.parent_id or 0)
        (parent.children if parent else roots).append(node)
    return roots, nodes
