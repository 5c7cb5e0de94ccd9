"""Words folded for addresses, for ordering and for search. Pure functions: no database, no models.

The index folds the same way as queries: `search_words_sql` is `search_words` in SQL.
"""

import re
import unicodedata

SLUG_LENGTH = 120

# Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L",
        "ħ": "h", "Ħ": "H", "ı": "i",
    }
)  # fmt: skip
_APOSTROPHES = "'’‘ʼʹ`´′＇"
_NOT_A_WORD = re.compile(r"[\W_]+")
_NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]+")
_ARTICLES = {
    "en": ("the", "a", "an"),
    "fr": ("le", "la", "les", "un", "une", "des"),
    "de": ("der", "die", "das", "ein", "eine"),
    "es": ("el", "la", "los", "las", "un", "una", "unos", "unas"),
}
_PARTICLES = frozenset(("af", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos"))
_PARTICLES |= {"du", "la", "le", "ten", "ter", "van", "von", "zu"}
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "phd", "md"))


def tidy(text: str) -> str:
    """Return a one-line text as it is stored: composed letters, single spaces, none around it."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def unaccent(text: str) -> str:
    """Return the text without accents; letters of other scripts stay what they are."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    kept = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", kept)


def fold(text: str) -> str:
    """Return the text for comparing and ordering: no accents, no case, no punctuation."""
    without_apostrophes = _APOSTROPHE.sub("", unaccent(text).casefold())
    return " ".join(_NOT_A_WORD.sub(" ", without_apostrophes).split())


def slug_of(text: str, *, otherwise: str) -> str:
    """Return the words of an address, at most 120 characters, cut between words.

    `otherwise` stands for a text without any Latin letter or digit.
    """
    plain = _APOSTROPHE.sub("", unaccent(text).casefold())
    slug = _NOT_IN_SLUGS.sub("-", plain).strip("-")
    if len(slug) <= SLUG_LENGTH:
        return slug or otherwise
    cut = slug[: SLUG_LENGTH + 1].rpartition("-")[0]
    return cut or slug[:SLUG_LENGTH]


def sort_title_of(title: str, language: str = "") -> str:
    """Return what a title is ordered by: folded, without the leading article of its language.

    A title of unknown language is read as English.
    """
    if language == "fr":
        title = re.sub(f"^[lL][{_APOSTROPHES}](?=\\w)", "", title.strip())
    folded = fold(title)
    first, _space, rest = folded.partition(" ")
    if rest and first in _ARTICLES.get(language or "en", ()):
        return rest
    # A title of nothing but punctuation is ordered as it is written.
    return folded or title.casefold()


def sort_name_of(name: str) -> str:
    """Return what a person is ordered by: the folded surname with its particles, then the rest.

    "Ursula K. Le Guin" is ordered as "le guin ursula k", "Tolkien, J.R.R." as "tolkien j r r".
    A single word, and a name in a script that puts the surname first, stay as they are.
    """
    if "," in name:
        surname, _comma, given = name.partition(",")
        if fold(given) not in _SUFFIXES:
            return fold(f"{surname} {given}")
        name = surname
    words = fold(name).split()
    if len(words) < 2 or not words[-1].isascii():
        return _surname_last_script(words)
    suffix = [words.pop()] if words[-1] in _SUFFIXES and len(words) > 2 else []
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    return " ".join([*words[start:], *words[:start], *suffix])


def _surname_last_script(words: list[str]) -> str:
    # Cyrillic, Greek and Hebrew names are written as ours are; Chinese, Japanese and Korean
    # ones have the surname in front.
    if len(words) < 2 or unicodedata.name(words[-1][0], "").startswith(("CJK", "HANGUL", "HIRA")):
        return " ".join(words)
    return " ".join([words[-1], *words[:-1]])


def search_words(text: str) -> str:
    """Return the words of a query as the search index holds them, separated by single spaces.

    Apostrophes vanish ("don't" is found as "dont", "O'Brien" as "obrien"); every other mark parts
    words, whatever its script. Case and accents are left to the `book_text` configuration.
    """
    without_apostrophes = _APOSTROPHE.sub("", unicodedata.normalize("NFC", text))
    return " ".join(_NOT_A_WORD.sub(" ", without_apostrophes).split())


def search_words_sql(expression: str) -> str:
    """Return the SQL that makes a text expression into words as `search_words` makes them.

    What follows an apostrophe is indexed alone too when it is a word: "L'Étranger" is found by
    "étranger" and by "l'étranger".
    """
    apostrophes = _APOSTROPHES.replace("'", "''")
    elided = rf"'([[:alnum:]]+)[{apostrophes}]([[:alnum:]]{{3,}})', '\1\2 \1 \2', 'g'"
    split = f"regexp_replace({expression}, {elided})"
    joined = f"regexp_replace({split}, '[{apostrophes}]+', '', 'g')"
    return f"regexp_replace({joined}, '[^[:alnum:]]+', ' ', 'g')"
