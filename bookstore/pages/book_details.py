"""The facts of a book in the words of a title page's back."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from bookstore.pages.structured_data import published
from catalog.enums import SaleState
from catalog.selectors.book_pages import BookPage
from catalog.validators import hyphenated
from core.days import written_day
from core.languages import language_name


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
        is_out = book.published_on <= timezone.localdate()
        written = written_day(book.published_on, book.published_precision)
        yield Fact(_("Published") if is_out else _("To be published"), written, published(book))
    if book.on_sale_on and book.sale_state == SaleState.EMBARGOED:
        day = book.on_sale_on.isoformat()
        yield Fact(_("On sale from"), written_day(book.on_sale_on), day)
    if page.first_published_year is not None:
        yield Fact(_("First published"), _year(page.first_published_year))
    for name, said in page.attributes.items():
        yield Fact(name, said)


def _year(year: int) -> str:
    return str(year) if year > 0 else _("{year} BC").format(year=-year)
