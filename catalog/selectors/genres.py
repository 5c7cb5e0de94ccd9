"""The tree of genres. Few rows, so walks down and up it are one recursive query each."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from catalog import errors
from catalog.models import Genre
from core.caching import remembered_for_now
from core.ids import is_row_id
from core.rows import fetch_rows

# What counts of books are remembered under: `core.caching.forget` it where one may change.
COUNTED = "genres"
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
_OF_BOOK = """
    WITH RECURSIVE above (id, link) AS (
        SELECT genre_id, id FROM catalog_bookgenre WHERE book_id = %s
        UNION
        SELECT genre.parent_id, NULL FROM catalog_genre genre JOIN above ON genre.id = above.id
         WHERE genre.parent_id IS NOT NULL
    )
    SELECT genre.id, genre.name, genre.slug, genre.parent_id, min(above.link)
      FROM catalog_genre genre JOIN above ON above.id = genre.id
     WHERE genre.deleted_at IS NULL
     GROUP BY genre.id
     ORDER BY min(above.link) NULLS LAST
"""
# A book in a genre and in one below it counts once. Walks every link of the genres asked for:
# DISTINCT in a step of its own is hashed, where count(DISTINCT …) would sort (docs/genres.md).
_COUNTS = """
    WITH RECURSIVE within (top, id) AS (
        SELECT id, id FROM catalog_genre WHERE deleted_at IS NULL AND id = ANY(%s)
        UNION
        SELECT within.top, child.id
          FROM within JOIN catalog_genre child ON child.parent_id = within.id
         WHERE child.deleted_at IS NULL
    )
    SELECT within.top, count(*)
      FROM (
        SELECT DISTINCT within.top, link.book_id
          FROM within JOIN catalog_bookgenre link ON link.genre_id = within.id
      ) AS within
      JOIN catalog_book book ON book.id = within.book_id AND book.deleted_at IS NULL
     GROUP BY within.top
"""


_WITHOUT = """
    SELECT count(*) FROM catalog_book book
     WHERE book.deleted_at IS NULL
       AND NOT EXISTS (SELECT FROM catalog_bookgenre link WHERE link.book_id = book.id)
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
    """Return the top genres with everything below them and counts (two queries at most)."""
    links = active_links()
    nodes = _nodes(links.values())
    return [node for node in nodes.values() if node.parent_id not in links]


def genre_page(value: str | int) -> GenrePage:
    """Return one genre by id or slug, counted from it down (two queries at most).

    Raises `GenreNotFound`.
    """
    links = active_links()
    text = str(value)
    found = links.get(int(text)) if is_row_id(text) else None
    found = found or next((link for link in links.values() if link.slug == text), None)
    if found is None:
        raise errors.GenreNotFound
    genre = _nodes(_with_those_below(found, links))[found.id]
    return GenrePage(genre, path_to(found, links)[:-1])


def genre_link(genre_id: int) -> GenreLink:
    """Return one genre's name and address (one query); raise `GenreNotFound`."""
    row = (
        Genre.objects.active()
        .filter(pk=genre_id)
        .values_list("id", "name", "slug", "parent_id")
        .first()
    )
    if row is None:
        raise errors.GenreNotFound
    return GenreLink(*row)


def ids_below(values: Sequence[str | int]) -> list[int]:
    """Return the ids of genres (named by id or slug) and of all genres below them (one query)."""
    texts = [str(value) for value in values]
    ids = [int(text) for text in texts if is_row_id(text)]
    return [row[0] for row in fetch_rows(_BELOW, [ids, texts])]


def genres_of_book(book_id: int) -> tuple[list[GenreLink], dict[int, GenreLink]]:
    """Return a book's genres in their order, and by id these and all above them (one query)."""
    rows = fetch_rows(_OF_BOOK, [book_id])
    links = {row[0]: GenreLink(*row[:4]) for row in rows}
    return [links[row[0]] for row in rows if row[4] is not None], links


def path_to(genre: GenreLink, around: Mapping[int, GenreLink]) -> list[GenreLink]:
    """Return the way from the top down to a genre, itself at the end."""
    path = [genre]
    while (above := around.get(path[0].parent_id or 0)) and above not in path:
        path.insert(0, above)
    return path


def active_links() -> dict[int, GenreLink]:
    """Return every genre that was not withdrawn, by id, siblings in their order (one query)."""
    rows = (
        Genre.objects.active()
        .order_by("position", "name", "id")
        .values_list("id", "name", "slug", "parent_id")
    )
    return {row[0]: GenreLink(*row) for row in rows}


def book_counts() -> dict[int, int]:
    """Return how many books each active genre has, those below it counted too (two queries)."""
    return _counts(list(active_links()))


def books_without_genre() -> int:
    """Return how many books no genre leads to; remembered like the counts of genres."""
    return int(remembered_for_now(COUNTED, "none", lambda: str(fetch_rows(_WITHOUT, [])[0][0])))


def _with_those_below(top: GenreLink, links: Mapping[int, GenreLink]) -> list[GenreLink]:
    """Return a genre and all below it, siblings in their order."""
    found = {top.id}
    while more := {link.id for link in links.values() if link.parent_id in found} - found:
        found |= more
    return [link for link in links.values() if link.id in found]


def _nodes(links: Iterable[GenreLink]) -> dict[int, GenreNode]:
    """Return genres with their counts, each holding those right below it."""
    wanted = list(links)
    counts = _counts([link.id for link in wanted])
    nodes = {
        link.id: GenreNode(
            link.id, link.name, link.slug, link.parent_id, book_count=counts.get(link.id, 0)
        )
        for link in wanted
    }
    for node in nodes.values():
        parent = nodes.get(node.parent_id or 0)
        if parent:
            parent.children.append(node)
    return nodes


def _counts(ids: list[int]) -> dict[int, int]:
    """Return how many books each genre has; remembered, for that walks every link of theirs."""
    key = hashlib.sha256(json.dumps(ids).encode()).hexdigest()
    text = remembered_for_now(COUNTED, key, lambda: json.dumps(fetch_rows(_COUNTS, [ids])))
    return dict(json.loads(text))
