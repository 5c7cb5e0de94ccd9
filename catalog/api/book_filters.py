"""What lists of books may be asked for."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers

from catalog.enums import BookFormat, BookSort
from catalog.selectors.book_filters import BookQuery
from core.http.lists import read_list
from core.http.serializers import StrictSerializer
from core.pagination import Window

REPEATED = ("genre", "author", "publisher", "branch", "language", "format")
MOST_VALUES = 50


def _named(help_text: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=120),
        max_length=MOST_VALUES,
        required=False,
        help_text=help_text,
    )


class GenreBookFilters(StrictSerializer):
    """Filters within one genre. A repeated parameter means *or*."""

    q = serializers.CharField(
        required=False,
        help_text='All words, the last may be unfinished; "in this order", -without; an ISBN',
    )
    author = _named("Id or slug")
    publisher = _named("Id or slug")
    branch = _named("Id or slug: on the shelf there")
    language = serializers.ListField(
        child=serializers.RegexField(r"^[a-z]{2}$"),
        max_length=MOST_VALUES,
        required=False,
        help_text="ISO 639-1",
    )
    format = serializers.ListField(
        child=serializers.ChoiceField(choices=BookFormat.choices),
        max_length=MOST_VALUES,
        required=False,
    )
    price_min = serializers.DecimalField(10, 2, required=False, min_value=0)
    price_max = serializers.DecimalField(
        10, 2, required=False, min_value=0, help_text="Prices below this; this one is left out"
    )
    year_min = serializers.IntegerField(required=False, min_value=1, max_value=9999)
    year_max = serializers.IntegerField(required=False, min_value=1, max_value=9999)
    in_stock = serializers.BooleanField(
        required=False,
        help_text="To be had today in any branch, or in the one that `branch` names",
    )
    sort = serializers.ChoiceField(
        choices=BookSort.choices,
        required=False,
        help_text="Without it: relevance when there is `q`, else newest",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a range that ends before it begins."""
        for name in ("price", "year"):
            least, most = attrs.get(f"{name}_min"), attrs.get(f"{name}_max")
            if least is not None and most is not None and least > most:
                message = _("Must not be less than {0}.").format(f"{name}_min")
                raise serializers.ValidationError({f"{name}_max": [message]})
        return attrs


class BookFilters(GenreBookFilters):
    """Filters of all books."""

    genre = _named("Id or slug; includes all genres below")


def read_query(
    query: QueryDict, filters: type[GenreBookFilters], **narrowed: Any
) -> tuple[BookQuery, Window]:
    """Return what an address asks for and its page; raises as `read_list` does."""
    wanted, window = read_list(query, filters, repeated=REPEATED)
    values: dict[str, Any] = {
        name: tuple(value) if name in REPEATED else value
        for name, value in wanted.items()
        if name != "q"
    }
    values |= narrowed
    sort = values.pop("sort", None)
    return BookQuery(text=wanted.get("q", ""), sort=sort and BookSort(sort), **values), window
