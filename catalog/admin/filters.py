"""Filters that several lists of the catalogue share."""

from typing import Any

from babel import Locale
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from catalog.models import BookGenre
from catalog.selectors import book_health, genre_outline, genres
from core.admin import DropdownFilter

NOWHERE = "none"


class GenreTreeFilter(DropdownFilter):
    """Books in a genre or in one below it."""

    title = _("genre")
    parameter_name = "genre"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The whole tree, indented, and books that are nowhere in it."""
        nowhere = (NOWHERE, str(_("Without a genre")))
        return [nowhere] + [(str(row.id), row.indented) for row in genre_outline.outline()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow by the genre's whole branch of the tree."""
        if not self.value():
            return queryset
        if self.value() == NOWHERE:
            return queryset.exclude(Exists(BookGenre.objects.filter(book=OuterRef("pk"))))
        links = BookGenre.objects.filter(
            book=OuterRef("pk"), genre_id__in=genres.ids_below([str(self.value())])
        )
        return queryset.filter(Exists(links))


class LanguageFilter(DropdownFilter):
    """Books in one language; offers every language with a code, so that it asks no table."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Codes and names in the reader's language."""
        return language_choices()

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow by code."""
        return queryset.filter(language=self.value()) if self.value() else queryset


class PriceFilter(DropdownFilter):
    """Books that are shown but cannot be sold yet."""

    title = _("price")
    parameter_name = "priced"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What can be chosen."""
        return [("no", _("Without a price")), ("yes", _("With a price"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow by whether there is a price."""
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(price__isnull=self.value() == "no")


class SaleFilter(DropdownFilter):
    """Books whose day has not come."""

    title = _("coming")
    parameter_name = "coming"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What can be chosen."""
        return [
            ("out", _("Not published yet")),
            ("preorder", _("Not published yet, may be pre-ordered")),
            ("embargo", _("Before a strict on-sale date")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow by the dates to come."""
        today = timezone.localdate()
        if self.value() == "embargo":
            return queryset.filter(on_sale_on__gt=today)
        if self.value() == "preorder":
            return queryset.filter(published_on__gt=today, is_preorder_allowed=True)
        return queryset.filter(published_on__gt=today) if self.value() == "out" else queryset


class HealthFilter(DropdownFilter):
    """Listed books that lack something."""

    title = _("lacks")
    parameter_name = "lacks"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What can be chosen."""
        return [
            ("price", _("A price")),
            ("cover", _("A cover")),
            ("genre", _("A genre")),
            ("stock", _("Stock, though wanted")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow by what is missing."""
        narrow = _LACKING.get(str(self.value()))
        return narrow(queryset) if narrow else queryset


_LACKING = {
    "price": book_health.without_price,
    "cover": book_health.without_cover,
    "genre": book_health.without_genre,
    "stock": book_health.wanted,
}


class LowStockFilter(DropdownFilter):
    """Shelves that are empty or nearly so."""

    title = _("stock")
    parameter_name = "stock"
    FEW = 3

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What can be chosen."""
        return [("none", _("None left")), ("low", _("At most 3")), ("some", _("Some"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow by copies."""
        if self.value() == "none":
            return queryset.filter(quantity=0)
        if self.value() == "low":
            return queryset.filter(quantity__lte=self.FEW)
        return queryset.filter(quantity__gt=0) if self.value() == "some" else queryset


def language_choices() -> list[tuple[str, str]]:
    """Return every two-letter language code with its name, by name."""
    locale = Locale.parse(to_locale(get_language() or "en"))
    names = {code: name for code, name in locale.languages.items() if len(code) == 2}
    return sorted(names.items(), key=lambda pair: pair[1])
