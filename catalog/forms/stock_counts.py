"""A sheet on which the copies of many shelves are written down."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.enums import MovementReason
from catalog.models import Inventory
from catalog.services import stock

# The others belong to sales, receiving, requests and transfers.
_REASONS = (MovementReason.CORRECTION, MovementReason.DAMAGED, MovementReason.OPENING)


class CountSheetForm(forms.Form):
    """A number for each shelf; one left empty was not counted.

    `expected` keeps what the shelf held when the sheet was printed, so that what is sold meanwhile
    is not counted away.
    """

    reason = forms.ChoiceField(
        label=_("Reason"), choices=[(each.value, each.label) for each in _REASONS]
    )

    def __init__(self, *args: Any, shelves: Iterable[Inventory], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shelves = list(shelves)
        for shelf in self.shelves:
            label = _("Copies of %(book)s in %(branch)s") % {
                "book": shelf.book.title,
                "branch": shelf.branch.name,
            }
            self.fields[f"count-{shelf.pk}"] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=stock.MOST_COPIES
            )
            self.fields[f"expected-{shelf.pk}"] = forms.IntegerField(
                required=False,
                min_value=0,
                max_value=stock.MOST_COPIES,
                initial=shelf.quantity,
                widget=forms.HiddenInput,
            )

    def lines(self) -> list[dict[str, Any]]:
        """Return each shelf with its two fields."""
        return [
            {
                "shelf": shelf,
                "count": self[f"count-{shelf.pk}"],
                "expected": self[f"expected-{shelf.pk}"],
            }
            for shelf in self.shelves
        ]

    def changes(self) -> list[tuple[Inventory, stock.Count]]:
        """Return, of a valid sheet, the shelves whose count is another number than expected."""
        counted = []
        for shelf in self.shelves:
            copies = self.cleaned_data[f"count-{shelf.pk}"]
            expected = self.cleaned_data[f"expected-{shelf.pk}"]
            before = shelf.quantity if expected is None else expected
            if copies is not None and copies != before:
                count = stock.Count(shelf.book_id, shelf.branch_id, copies, before)
                counted.append((shelf, count))
        return counted
