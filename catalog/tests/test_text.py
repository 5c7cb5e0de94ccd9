"""Words folded for addresses, ordering and search."""

import pytest

from catalog import text


@pytest.mark.req("DISC-01")
@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("The Hobbit", "en", "hobbit"),
        ("A Room with a View", "", "room with a view"),
        ("Die Verwandlung", "de", "verwandlung"),
        ("Die Trying", "en", "die trying"),
        ("L'Étranger", "fr", "etranger"),
        ("Les Misérables", "fr", "miserables"),
        ("El amor en los tiempos del cólera", "es", "amor en los tiempos del colera"),
        ("The", "en", "the"),
        ("1984", "en", "1984"),
        ("«Мастер и Маргарита»", "ru", "мастер и маргарита"),
        ("Łódź", "pl", "lodz"),
        ("?", "en", "?"),
    ],
)
def test_sort_title_leaves_out_article_case_and_accents(title, language, expected):
    assert text.sort_title_of(title, language) == expected


@pytest.mark.req("DISC-01")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Jane Austen", "austen jane"),
        ("J.R.R. Tolkien", "tolkien j r r"),
        ("Tolkien, J.R.R.", "tolkien j r r"),
        ("Ursula K. Le Guin", "le guin ursula k"),
        ("Ludwig van Beethoven", "van beethoven ludwig"),
        ("Kurt Vonnegut Jr.", "vonnegut kurt jr"),
        ("Martin Luther King, Jr.", "king martin luther"),
        ("Flann O'Brien", "obrien flann"),
        ("Homer", "homer"),
        ("Фёдор Достоевский", "достоевскии федор"),
        ("村上 春樹", "村上 春樹"),
        ("La Fontaine", "fontaine la"),
    ],
)
def test_sort_name_has_the_surname_first(name, expected):
    assert text.sort_name_of(name) == expected


@pytest.mark.req("CATL-01")
@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Crime & Punishment", "crime-punishment"),
        ("Smilla’s Sense of Snow", "smillas-sense-of-snow"),
        ("Straße nach Ålborg", "strasse-nach-alborg"),
        ("Война и мир", "book"),
        ("word " * 40, "-".join(["word"] * 24)),
        ("x" * 130, "x" * 120),
    ],
)
def test_slug_is_plain_and_short(title, expected):
    assert text.slug_of(title, otherwise="book") == expected
