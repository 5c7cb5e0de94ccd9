"""What the receiving page is told: where and with which note, then one scan after the other."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch
from catalog.selectors.receiving import LONGEST_CODE
from catalog.services import receiving
from core.errors import Invalid

# More than a pallet; and a code that was scanned into the wrong field is no number of copies.
MOST_COPIES = 9_999
RECEIVE, COUNT = "receive", "count"
MODES = ((RECEIVE, _("Receive: add what arrived")), (COUNT, _("Stock-take: set what was counted")))


class DeliveryForm(forms.Form):
    """Chosen once; it stays in the page's address."""

    mode = forms.ChoiceField(label=_("What for"), choices=MODES, initial=RECEIVE)
    branch: Any = forms.ModelChoiceField(label=_("Branch"), queryset=None)
    note = forms.CharField(
        label=_("Delivery note"),
        required=False,
        max_length=receiving.LONGEST_NOTE,
        help_text=_("Its number, if there is one. It stays with every copy that came with it."),
    )

    def __init__(self, *args: Any, branches: QuerySet[Branch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branch: Any = self.fields["branch"]
        branch.queryset = branches

    def clean_note(self) -> str:
        """Return the note as references hold it."""
        try:
            return receiving.note_of(self.cleaned_data["note"])
        except Invalid as refusal:
            raise forms.ValidationError(refusal.data["fields"]["note"]) from None


class ScanForm(forms.Form):
    """A scan: the code, how many copies it stands for, and a name of its own."""

    code = forms.CharField(label=_("ISBN"), max_length=LONGEST_CODE, strip=True)
    copies = forms.IntegerField(label=_("Copies"), min_value=0, max_value=MOST_COPIES, initial=1)
    scan = forms.CharField(widget=forms.HiddenInput)
