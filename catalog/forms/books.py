"""What the lists of books may be asked for in an address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.enums import BookFormat, BookSort
from catalog.selectors.book_filters import BookQuery
from core.errors import Invalid

_SORTS = [choice for choice in BookSort.choices if choice[0] != BookSort.RELEVANCE]


class BookListForm(forms.Form):
    """Order and filters of a list of books; everything may be left out."""

    sort: Any = forms.ChoiceField(label=_("Sort by"), choices=_SORTS, required=False)
    format: Any = forms.MultipleChoiceField(
        label=_("Format"), choices=BookFormat.choices, required=False
    )
    in_stock: Any = forms.BooleanField(label=_("In stock"), required=False)

    def query(self, **narrowed: Any) -> BookQuery:
        """Return what was asked for, within a genre, an author or words; raise `Invalid`."""
        if not self.is_valid():
            raise Invalid(fields={name: list(said) for name, said in self.errors.items()})
        return BookQuery(
            sort=BookSort(self.cleaned_data["sort"]) if self.cleaned_data["sort"] else None,
            format=tuple(self.cleaned_data["format"]),
            in_stock=self.cleaned_data["in_stock"] or None,
            **narrowed,
        )


class SearchForm(BookListForm):
    """A search: words, and lists may come by best match."""

    sort: Any = forms.ChoiceField(label=_("Sort by"), choices=BookSort.choices, required=False)
    q: Any = forms.CharField(max_length=200, required=False)

    def clean_q(self) -> str:
        """Reduce white space to single blanks."""
        return " ".join(self.cleaned_data["q"].split())
