import pytest
from django.utils import timezone

from catalog.enums import BookSort
from catalog.models import Book
from catalog.selectors import books, search
from catalog.selectors.book_filters import BookQuery
from catalog.services import search_index
from catalog.tests.factories import BookFactory, GenreFactory, InventoryFactory, SeriesFactory
from core.pagination import PageNotFound, Window

pytestmark = [pytest.mark.django_db, pytest.mark.req("DISC-02")]


def _shelve(*titles, **fields):
    """Make findable books of these titles."""
    made = [BookFactory(title=title, **fields) for title in titles]
    search_index.index_books([book.pk for book in made])
    return made


def _found(text, size=20):
    page = books.book_cards(BookQuery(text=text), Window(0, size))
    return [card.title for card in page.items]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("hobbit tolkien", "The Hobbit"),
        ("HOBBIT", "The Hobbit"),
        ("the hobbit", "The Hobbit"),
        ("hob", "The Hobbit"),
        ("jrr tolkien", "The Hobbit"),
        ("j.r.r. tolkien", "The Hobbit"),
        ("les mis", "Les Misérables"),
        ("miserables", "Les Misérables"),
        ("MISÉRABLES", "Les Misérables"),
        ("etranger", "L’Étranger"),
        ("l'etranger", "L’Étranger"),
        ("catch 22", "Catch-22"),
        ("catch-22", "Catch-22"),
        ("enders game", "Ender's Game"),
        ("ender's game", "Ender's Game"),
        ("преступление", "Преступление и наказание"),
        ("ПРЕСТУПЛЕНИЕ", "Преступление и наказание"),
        ("наказ", "Преступление и наказание"),
        ("מאה", "מאה שנים של בדידות"),
        ("שנים של בדי", "מאה שנים של בדידות"),
    ],
)
def test_search_finds_words_whatever_their_case_accents_and_script(text, title):
    _shelve("The Hobbit", authors=["J.R.R. Tolkien"])
    _shelve("Les Misérables", "L’Étranger", language="fr")
    _shelve("Catch-22", "Ender's Game", "Преступление и наказание", "מאה שנים של בדידות")

    assert _found(text) == [title]


def test_search_looks_at_authors_series_genres_and_description():
    _shelve("Wanted", authors=["Nadine Gordimer"])
    _shelve("Wanted too", series=SeriesFactory(name="Discworld"))
    _shelve("Wanted three", genres=[GenreFactory(name="Gardening")])
    _shelve("Wanted four", description="A lighthouse keeper's notes.")
    _shelve("Other")

    assert _found("gordimer") == ["Wanted"]
    assert _found("discworld") == ["Wanted too"]
    assert _found("gardening") == ["Wanted three"]
    assert _found("lighthouse") == ["Wanted four"]
    assert _found("wanted gardening") == ["Wanted three"]
    assert _found("wanted tulips") == []


def test_search_takes_only_the_last_word_for_unfinished():
    _shelve("Harry Potter", "Harrying Potters")

    assert _found("harry pot") == ["Harry Potter"]
    assert _found("harr potter") == []


def test_search_keeps_phrases_together_and_leaves_out_unwanted_words():
    _shelve("War and Peace", "Peace and War", "War of the Worlds")

    assert _found('"war and peace"') == ["War and Peace"]
    assert _found('"war and pea"') == []
    assert _found("war -worlds -peace") == []
    assert sorted(_found("war -worlds")) == ["Peace and War", "War and Peace"]
    assert sorted(_found('war -"peace and war"')) == ["War and Peace", "War of the Worlds"]


def test_search_puts_the_book_of_that_title_first():
    _shelve(
        "The Standing Stones",
        "Last Stand",
        "Stand on Zanzibar",
        "The Stand",
        description="the stand the stand the stand",
    )

    assert _found("the stand")[:2] == ["The Stand", "Stand on Zanzibar"]


def test_search_puts_a_title_before_a_mention_and_stock_before_none():
    _shelve("Notes on gardens", description="Once more about Emma, Emma and Emma.")
    (sold_out,) = _shelve("Emma", authors=["Jane Austen"])
    (here,) = _shelve("Emma", authors=["Jane Austen"])
    (also_sold_out,) = _shelve("Emma", authors=["Jane Austen"])
    InventoryFactory(book=here)

    page = books.book_cards(BookQuery(text="emma"), Window(0, 20))

    assert [card.id for card in page.items][:3] == [here.pk, also_sold_out.pk, sold_out.pk]
    assert page.items[3].title == "Notes on gardens"


def test_search_takes_one_letter_for_a_word():
    _shelve("V.", "Villette")

    assert _found("v") == ["V."]


def test_search_leaves_out_withdrawn_books():
    (book,) = _shelve("Emma")
    Book.objects.filter(pk=book.pk).update(deleted_at=timezone.now())

    assert _found("emma") == []


HOSTILE = [
    "'", "''", "\\", "'\\'", ":*", "a:*", "&", "a & | !", "!", "!!!", "(((", ")", "<->", "a <-> ",
    "' OR 1=1 --", "%", "_", "%%s %s {0}", '"', '""', '"a', '-""', "-", "--", "- a", "-a", "…",
    "\u200b",
    "*" * 1_000, "(a" * 1_000, "a" * 10_000, "a " * 5_000, '-"' * 2_000, "é" * 300, "\ud7ff\uffff",
    "🙂", "a\tb\nc", "½ ² Ⅷ", "ﷺ", "ß", "İ", "हिन्दी", "日本語",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("sort", [None, BookSort.TITLE])
def test_search_is_safe_for_any_text(text, sort):
    _shelve("Emma")

    page = books.book_cards(BookQuery(text=text, sort=sort), Window(0, 20))

    assert (page.items, page.total) == ([], 0)


def test_search_cuts_what_nobody_types():
    terms = search.read_terms("word " * 5_000)

    assert terms.exact.count("word") == search.MOST_WORDS


@pytest.mark.parametrize(
    "text", ["9780306406157", "978-0-306-40615-7", "0306406152", "0-306-40615-2", " 0 306 40615 2 "]
)
def test_search_knows_an_isbn_in_any_spelling(text):
    (book,) = _shelve("Numbered", isbn13="9780306406157")
    _shelve("Other")

    assert search.find_by_isbn(text) == book.pk
    assert _found(text) == ["Numbered"]


@pytest.mark.parametrize("text", ["9780306406158", "9780439023481", "1234", "emma", "", "9" * 999])
def test_search_takes_no_other_number_for_an_isbn(text):
    _shelve("Numbered", isbn13="9780306406157")

    assert search.find_by_isbn(text) is None


def test_search_for_the_isbn_of_a_withdrawn_book_finds_nothing():
    _shelve("Numbered", isbn13="9780306406157", deleted_at=timezone.now())

    assert search.find_by_isbn("9780306406157") is None


def test_search_goes_on_without_gaps_beyond_what_is_ranked(monkeypatch):
    monkeypatch.setattr(search, "MOST_RANKED", 7)
    monkeypatch.setattr(search, "_TITLES", 2)
    made = _shelve(*[f"A common story {n:02}" for n in range(23)])

    seen = []
    for offset in range(0, 23, 5):
        page = search.ranked_ids(BookQuery(text="story"), Window(offset, 5))
        assert (page.total, page.total_is_exact) == (23, True)
        assert page.has_next == (offset < 20)
        seen += page.items

    assert sorted(seen) == [book.pk for book in made]
    with pytest.raises(PageNotFound):
        search.ranked_ids(BookQuery(text="story"), Window(25, 5))


@pytest.mark.parametrize("rows", [1, 3])
def test_search_takes_three_queries(rows, django_assert_num_queries):
    _shelve(*[f"Emma {n}" for n in range(rows)], authors=["Jane Austen"])

    with django_assert_num_queries(3):
        page = books.book_cards(BookQuery(text="emma"), Window(0, 20))
    assert page.total == rows
