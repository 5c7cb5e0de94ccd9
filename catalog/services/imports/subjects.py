"""Readers' tags and publishers' categories as genres of the tree."""

from collections.abc import Iterable
from typing import NamedTuple

from catalog import text
from catalog.models import Genre

MOST_GENRES = 5


class Place(NamedTuple):
    """A genre's name and the genre that it is part of."""

    name: str
    parent: str | None


# What an import may add to the tree; a genre that is there already stays as it is.
PLACES = {
    "fiction": Place("Fiction", None),
    "classics": Place("Classics", "fiction"),
    "short-stories": Place("Short stories", "fiction"),
    "historical-fiction": Place("Historical fiction", "fiction"),
    "literary-fiction": Place("Contemporary fiction", "fiction"),
    "comic-fiction": Place("Comic fiction", "fiction"),
    "adventure": Place("Adventure", "fiction"),
    "horror": Place("Horror", "fiction"),
    "romance": Place("Romance", "fiction"),
    "historical-romance": Place("Historical romance", "romance"),
    "crime": Place("Crime", "fiction"),
    "thrillers": Place("Thrillers and spies", "crime"),
    "science-fiction": Place("Science fiction", "fiction"),
    "dystopia": Place("Dystopias", "science-fiction"),
    "fantasy": Place("Fantasy", "fiction"),
    "epic-fantasy": Place("Epic fantasy", "fantasy"),
    "urban-fantasy": Place("Urban fantasy", "fantasy"),
    "non-fiction": Place("Non-fiction", None),
    "history": Place("History", "non-fiction"),
    "science": Place("Science", "non-fiction"),
    "nature-and-evolution": Place("Nature and evolution", "science"),
    "philosophy": Place("Philosophy", "non-fiction"),
    "biography": Place("Biography", "non-fiction"),
    "memoir": Place("Memoir", "biography"),
    "society": Place("Politics and society", "non-fiction"),
    "true-crime": Place("True crime", "non-fiction"),
    "business": Place("Business", "non-fiction"),
    "technology": Place("Computing and technology", "non-fiction"),
    "travel": Place("Travel", "non-fiction"),
    "cookery": Place("Cookery and food", "non-fiction"),
    "art-and-design": Place("Art and design", "non-fiction"),
    "music-and-stage": Place("Music and stage", "non-fiction"),
    "psychology": Place("Psychology", "non-fiction"),
    "self-help": Place("Self-help", "non-fiction"),
    "health": Place("Health and family", "non-fiction"),
    "religion": Place("Religion", "non-fiction"),
    "essays": Place("Essays and criticism", "non-fiction"),
    "sport-and-games": Place("Sport and games", "non-fiction"),
    "poetry-and-drama": Place("Poetry and drama", None),
    "poetry": Place("Poetry", "poetry-and-drama"),
    "drama": Place("Plays", "poetry-and-drama"),
    "children": Place("Children", None),
    "picture-books": Place("Picture books", "children"),
    "middle-grade": Place("Ages 9 to 12", "children"),
    "fairy-tales": Place("Fairy tales and myths", "children"),
    "young-adult": Place("Young adult", None),
    "graphic-novels": Place("Graphic novels", None),
    "manga": Place("Manga", "graphic-novels"),
}

# Words as people write them, folded to slugs. Shelves ("to-read", "owned") name no subject.
_WORDS = {
    "classics": "classic classics literature",
    "short-stories": "short-story short-stories",
    "historical-fiction": "historical-fiction historical",
    "literary-fiction": "contemporary-fiction literary-fiction contemporary realistic-fiction",
    "comic-fiction": "humor humour comedy funny",
    "adventure": "adventure adventure-stories",
    "horror": "horror zombies",
    "romance": "romance contemporary-romance chick-lit chicklit romantic-suspense",
    "historical-romance": "historical-romance regency",
    "crime": "mystery mysteries crime detective mystery-thriller detective-and-mystery-stories",
    "thrillers": "thriller thrillers suspense espionage",
    "science-fiction": "science-fiction sci-fi scifi sf space-opera time-travel",
    "dystopia": "dystopian dystopia post-apocalyptic",
    "fantasy": "fantasy fantasy-fiction magic dragons sci-fi-fantasy",
    "epic-fantasy": "epic-fantasy high-fantasy",
    "urban-fantasy": "urban-fantasy paranormal paranormal-romance vampires vampire",
    "non-fiction": "non-fiction nonfiction",
    "history": "history american-history wwii military-history",
    "science": "science mathematics physics",
    "nature-and-evolution": "nature pets gardening",
    "biography": "biography biographies autobiography biography-autobiography",
    "memoir": "memoir memoirs",
    "society": "politics political-science social-science sociology feminism law education",
    "business": "business economics business-economics finance",
    "technology": "computers technology programming computer-science",
    "cookery": "cooking cookbooks cookbook food",
    "art-and-design": "art design architecture photography crafts-hobbies",
    "music-and-stage": "music performing-arts",
    "self-help": "self-help self-improvement personal-development",
    "health": "health health-fitness medical family-relationships parenting",
    "religion": "religion christian christianity spirituality theology body-mind-spirit",
    "essays": "essays literary-criticism literary-collections language-arts-disciplines",
    "sport-and-games": "sports sports-recreation games games-activities",
    "drama": "drama plays play theatre",
    "children": "childrens children children-s kids juvenile-fiction juvenile-nonfiction"
    " childrens-stories childrens-books",
    "picture-books": "picture-books picture-book",
    "middle-grade": "middle-grade",
    "fairy-tales": "fairy-tales mythology folklore",
    "young-adult": "young-adult ya teen young-adult-fiction",
    "graphic-novels": "graphic-novels graphic-novel comics comics-graphic-novels",
}
_SLUG_OF_WORD = {word: slug for slug, words in _WORDS.items() for word in words.split()} | {
    slug: slug for slug in PLACES if slug not in {"society", "drama"}
}


def slugs_of(words: Iterable[str]) -> tuple[str, ...]:
    """Return the genres that tags or categories name, without those above others of them."""
    slugs = dict.fromkeys(
        slug for word in words if (slug := _SLUG_OF_WORD.get(text.slug_of(word, otherwise="")))
    )
    higher = {parent for slug in slugs for parent in above(slug)}
    return tuple(slug for slug in slugs if slug not in higher)[:MOST_GENRES]


def ensure_genres(slugs: Iterable[str]) -> dict[str, int]:
    """Return the ids of genres by slug, making those of `PLACES` that are not there yet.

    Others that are not there, and withdrawn ones, are left out. Joins the caller's transaction.
    """
    wanted = set(slugs)
    known = dict(Genre.objects.filter(slug__in=wanted).values_list("slug", "pk"))
    for slug in sorted(wanted - known.keys()):
        if slug in PLACES:
            known[slug] = _make(slug)
    withdrawn = Genre.objects.filter(slug__in=wanted, deleted_at__isnull=False)
    for slug in withdrawn.values_list("slug", flat=True):
        del known[slug]
    return known


def _make(slug: str) -> int:
    place = PLACES[slug]
    parent_id = None
    if place.parent:
        parent = Genre.objects.filter(slug=place.parent).first()
        parent_id = parent.pk if parent else _make(place.parent)
    genre, _is_new = Genre.objects.get_or_create(
        slug=slug, defaults={"name": place.name, "parent_id": parent_id, "position": 100}
    )
    return genre.pk


def above(slug: str) -> Iterable[str]:
    """Yield the genres of `PLACES` above one of them, the next first."""
    parent = PLACES[slug].parent
    while parent:
        yield parent
        parent = PLACES[parent].parent
