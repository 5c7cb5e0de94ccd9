"""The facts of a book in the words of a title page's back."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookstore.pages.structured_data import published
from catalog.selectors.book_pages import BookPage
from catalog.validators import hyphenated
from core.languages import language_name

_DATE_FORMATS = {"DAY": "j F Y", "MONTH": "F Y", "YEAR": "Y"}


@dataclass(frozen=True)
class Fact:
    """A line of the details; `machine` is a date as machines read it."""

    label: str
    text: str
    machine: str = ""


def facts_of(page: BookPage) -> list[Fact]:
    """Return what is known of a book, in the reader's language."""
    return list(_facts(page))


def _facts(page: BookPage) -> Iterator[Fact]:
    book = page.book
    yield Fact("ISBN", hyphenated(book.isbn13))
    if book.format_label:
        yield Fact(_("Format"), book.format_label)
    if book.pages:
        yield Fact(_("Pages"), str(book.pages))
    if book.language:
        yield Fact(_("Language"), language_name(book.language))
    if book.publisher:
        yield Fact(_("Publisher"), book.publisher)
    if book.published_on:
        written = date_format(book.published_on, _DATE_FORMATS[book.published_precision])
        yield Fact(_("Published"), written, published(book))
    if page.first_published_year is not None:
        yield Fact(_("First published"), _year(page.first_published_year))


def _year(year: int) -> str:
    return str(year) if year > 0 else _("{year} BC").format(year=-year)
