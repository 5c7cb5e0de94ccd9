"""Full-text search: what a reader's words mean, and which book they most likely mean."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.core.exceptions import ValidationError
from django.db.models import Case, F, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Length, Round, StrIndex
from django.db.models.lookups import Exact

from catalog.models import Book
from catalog.selectors import book_filters
from catalog.selectors.book_filters import BookQuery
from catalog.text import fold, search_words, sort_title_of
from catalog.validators import to_isbn13
from core.pagination import EXACT_UP_TO, Page, PageNotFound, Window

CONFIGURATION = "book_text"
MOST_CHARACTERS = 200
MOST_WORDS = 12
# Beyond this many matches the words are common, and only this many are compared.
MOST_RANKED = 1_000
_TITLES = 200
_INITIALS = (2, 3)
_PIECES = re.compile(r'(-?)"([^"]*)"|(-?)([^\s"]+)')
_LAST_LETTER = "\U0010ffff"
# D, C, B, A: description, genres, author and series, title.
_WEIGHTS = [0.02, 0.1, 0.5, 1.0]


@dataclass(frozen=True)
class SearchTerms:
    """A reader's words in the index's language; all is empty when there is nothing to find.

    `broad` takes the last word for the beginning of one, `exact` takes it as it stands. `words`
    are those wanted, as a title would have them.
    """

    broad: str = ""
    exact: str = ""
    words: str = ""


def read_terms(text: str) -> SearchTerms:
    """Return what words mean: all of them, "in this order", -without; the last may be unfinished.

    An ISBN in any spelling is one word. Any input is safe: only letters and digits reach the
    query language. Long input is cut.
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    said: list[str] = []
    unfinished = ""
    for match in _PIECES.finditer(_isbn13_of(text) or text[:MOST_CHARACTERS]):
        minus, quoted, dash, bare = match.groups()
        room = MOST_WORDS - len(wanted) - len(unwanted)
        words = search_words(quoted or bare or "").split()[:room]
        if not words:
            continue
        unfinished = ""
        if minus or dash:
            unwanted.append(f"!({' <-> '.join(words)})")
            continue
        said += words
        if quoted is not None:
            wanted.append(f"({' <-> '.join(words)})")
        else:
            wanted += [_term(word) for word in words]
            unfinished = words[-1]
    if not wanted:
        return SearchTerms()
    exact = " & ".join([*wanted, *unwanted])
    # One letter alone is a word ("V."), not the beginning of half the catalogue.
    if unfinished and (len(wanted) > 1 or len(unfinished) > 1):
        wanted[-1] = _term(unfinished, unfinished=True)
    return SearchTerms(" & ".join([*wanted, *unwanted]), exact, " ".join(said))


def _term(word: str, *, unfinished: bool = False) -> str:
    """Return a word, or the initials that it may be: "jrr" finds J.R.R. Tolkien."""
    term = f"{word}:*" if unfinished else word
    if len(word) in _INITIALS and word.isalpha():
        return f"({term} | ({' <-> '.join(word)}))"
    return term


def matches(text: str) -> Q:
    """Return the condition that a book has the words; nothing has words that mean nothing."""
    terms = read_terms(text)
    if not terms.broad:
        return Q(pk__in=[])
    return Q(search_document__document=_query(terms.broad))


def ranked_ids(query: BookQuery, window: Window) -> Page[int]:
    """Return the ids of the best matches for a query's words, the obvious book first.

    Up to `MOST_RANKED` matches are compared with each other (titles that begin with the words
    are always among them); the rest of a very common word follows, newest in the shop first.
    Two queries. Raises `PageNotFound` past the end.
    """
    terms = read_terms(query.text)
    found = book_filters.narrowed(query).filter(matches(query.text))
    newest = _newest(found)
    compared = list(_best_first(found, terms)) if terms.broad else []
    if len(compared) < MOST_RANKED:
        total, items = len(compared), compared[window.offset : window.offset + window.size]
    else:
        total = newest.order_by()[: EXACT_UP_TO + 1].count()
        items = compared[window.offset : window.offset + window.size]
        missing = window.size - len(items)
        if missing:
            start = max(0, window.offset - len(compared))
            rest = newest.exclude(id__in=compared)
            items += list(rest[start : start + missing])
    if window.offset > 0 and not items:
        raise PageNotFound
    end = window.offset + len(items)
    return Page(
        items=items,
        number=window.number,
        size=window.size,
        offset=window.offset,
        total=max(min(total, EXACT_UP_TO), end),
        total_is_exact=total <= EXACT_UP_TO,
        has_next=end < total,
    )


def find_by_isbn(text: str) -> int | None:
    """Return the id of the listed book that `text` names as ISBN-10 or -13, hyphens or not."""
    isbn13 = _isbn13_of(text)
    if isbn13 is None:
        return None
    return Book.objects.listed().filter(isbn13=isbn13).values_list("id", flat=True).first()


def _isbn13_of(text: str) -> str | None:
    try:
        return to_isbn13(text[:MOST_CHARACTERS])
    except ValidationError:
        return None


def _best_first(found: QuerySet[Book], terms: SearchTerms) -> QuerySet[Book, int]:
    titles = _title_forms(terms.words)
    begins = _any_of(Q(sort_title__gte=t, sort_title__lt=t + _LAST_LETTER) for t in titles)
    goes_on = _any_of(Q(sort_title__startswith=t + " ") for t in titles)
    same_title = found.filter(begins).order_by("sort_title", "id").values_list("id", flat=True)
    candidates = _newest(found)[:MOST_RANKED].union(same_title[:_TITLES])
    document = F("search_document__document")
    rank = SearchRank(document, _query(terms.broad), weights=_WEIGHTS) + SearchRank(
        document, _query(terms.exact), weights=_WEIGHTS
    )
    return (
        Book.objects.filter(id__in=candidates)
        .annotate(
            nearness=Case(
                When(sort_title__in=titles, then=Value(3)),
                When(goes_on, then=Value(2)),
                When(begins, then=Value(1)),
                default=Value(0),
            ),
            # Whether a description says a word once or twice is no reason to come first.
            score=Round(rank, 1) + _coverage(terms.words),
        )
        .order_by(
            "-nearness",
            "-score",
            "-is_in_stock",
            F("published_on").desc(nulls_last=True),
            "-id",
        )
        .values_list("id", flat=True)
    )


def _newest(found: QuerySet[Book]) -> QuerySet[Book, int]:
    return found.order_by("-id").values_list("id", flat=True)


def _coverage(words: str) -> Combinable:
    """Return how much of a title the words make up: all of it is 1."""
    padded = Concat(Value(" "), "sort_title", output_field=TextField())
    letters: Combinable = Value(0.0)
    for word in sorted(set(fold(words).split())):
        letters += Case(
            When(Exact(StrIndex(padded, Value(f" {word}")), 0), then=Value(0.0)),
            default=Value(float(len(word))),
        )
    return letters / (Length("sort_title") + Value(1.0))


def _any_of(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, Q())


def _title_forms(words: str) -> list[str]:
    """Return how a title of these words may be ordered, with and without its article."""
    forms = {fold(words), *(sort_title_of(words, code) for code in ("en", "fr", "de", "es"))}
    return sorted(form for form in forms if form)


def _query(terms: str) -> SearchQuery:
    return SearchQuery(terms, config=CONFIGURATION, search_type="raw")
