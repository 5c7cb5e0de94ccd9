"""A book's page for who may not change it: the same facts, in words."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from catalog.models import Book
from core.languages import language_name

# Without a form its fields are shown as they are stored; these stand in for what that spoils.
_INSTEAD: dict[str, tuple[str, ...]] = {
    "attributes": ("facts_in_words",),
    "language": ("language_in_words",),
    "published_on": ("published",),
    "published_precision": (),
    "first_published_year": ("work_year",),
    "cover_shown": ("cover_alone",),
}


class ReadingPage:
    """Mixin for the admin of books."""

    @admin.display(description=_("more facts"))
    def facts_in_words(self, book: Book) -> str:
        """The facts that have no column, a line each."""
        return format_html_join("", "<div>{}: {}</div>", book.attributes.items())

    @admin.display(description=_("language"))
    def language_in_words(self, book: Book) -> str:
        """The language by its name."""
        return language_name(book.language) if book.language else ""

    @admin.display(description=_("work first published"))
    def work_year(self, book: Book) -> str:
        """The year of the work."""
        return str(book.work.first_published_year or "")


def in_words(fieldsets: Any) -> list[Any]:
    """Return fieldsets with what reads well in the place of what only a form shows well."""
    return [(title, said | {"fields": tuple(_named(said["fields"]))}) for title, said in fieldsets]


def _named(fields: Any) -> Any:
    for field in fields:
        if isinstance(field, tuple):
            yield tuple(_named(field))
        else:
            yield from _INSTEAD.get(field, (field,))
