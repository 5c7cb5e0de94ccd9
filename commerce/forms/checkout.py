"""The shape of what people type at the checkout."""

import datetime as dt
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch
from commerce import gateways
from commerce.enums import Fulfilment
from commerce.selectors.delivery_slots import OfferedSlot
from commerce.services.orders import Address

_NEEDED_FOR_DELIVERY = {
    "recipient": _("Enter the full name of whoever receives the books"),
    "line1": _("Enter the street and house number"),
    "city": _("Enter the town or city"),
    "postcode": _("Enter the postcode"),
}


def slot_choices(slots: list[OfferedSlot]) -> list[tuple[Any, Any]]:
    """Choices of a select, one group a day, with a first choice of no particular time."""
    days = [
        (
            date_format(date, "l j F"),
            [(s.value, f"{s.slot.starts_at:%H:%M}–{s.slot.ends_at:%H:%M}") for s in of_day],
        )
        for date, of_day in groupby(slots, key=lambda offered: offered.date)
    ]
    return [("", _("Any time")), *days]


class DeliveryForm(forms.Form):
    """Where the books go, or where they are collected, and when."""

    fulfilment = forms.ChoiceField(
        label=_("How would you like your books?"),
        choices=[
            (Fulfilment.DELIVERY, _("Deliver them")),
            (Fulfilment.PICKUP, _("I collect them")),
        ],
        initial=Fulfilment.DELIVERY,
        widget=forms.RadioSelect,
    )
    recipient = forms.CharField(
        label=_("Full name"),
        max_length=150,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    line1 = forms.CharField(
        label=_("Street and house number"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-line1"}),
    )
    line2 = forms.CharField(
        label=_("Flat, floor or company (optional)"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-line2"}),
    )
    postcode = forms.CharField(
        label=_("Postcode"),
        max_length=20,
        required=False,
        widget=forms.TextInput({"autocomplete": "postal-code"}),
    )
    city = forms.CharField(
        label=_("Town or city"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-level2"}),
    )
    phone = forms.CharField(
        label=_("Telephone (optional)"),
        help_text=_("Only so that the driver can reach you."),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
    )
    branch = forms.ModelChoiceField(
        label=_("Branch"), queryset=Branch.objects.none(), required=False, empty_label=_("Choose")
    )
    slot = forms.ChoiceField(label=_("Day and time (optional)"), required=False)

    def __init__(self, *args: Any, slots: list[OfferedSlot], **kwargs: Any) -> None:
        """Offer the slots that still have a seat and the branches that are open."""
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = slot_choices(slots)  # type: ignore[attr-defined]
        branches = Branch.objects.active().filter(is_warehouse=False).order_by("name")
        self.fields["branch"].queryset = branches  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for an address or for a branch, as the first choice says."""
        data = super().clean() or self.cleaned_data
        if data.get("fulfilment") == Fulfilment.DELIVERY:
            for name, sentence in _NEEDED_FOR_DELIVERY.items():
                if name not in self.errors and not data.get(name):
                    self.add_error(name, sentence)
        elif "branch" not in self.errors and not data.get("branch"):
            self.add_error("branch", _("Choose the branch where you collect them"))
        return data

    def decision(self) -> dict[str, Any]:
        """Return what was decided, as plain JSON for the session."""
        data = self.cleaned_data
        slot_id, _at, date = data["slot"].partition("@")
        decided: dict[str, Any] = {
            "fulfilment": data["fulfilment"],
            "slot_id": int(slot_id) if slot_id else None,
            "date": date or None,
        }
        if data["fulfilment"] == Fulfilment.PICKUP:
            return decided | {"branch_id": data["branch"].pk}
        names = [*_NEEDED_FOR_DELIVERY, "line2", "phone"]
        address = {name: data[name] for name in names}
        return decided | {"address": address | {"country": settings.STORE_COUNTRY}}

    @staticmethod
    def initial_from(decision: dict[str, Any]) -> dict[str, Any]:
        """Return the form's initial values for a decision made before."""
        slot_id, date = decision.get("slot_id"), decision.get("date")
        return {
            "fulfilment": decision.get("fulfilment", Fulfilment.DELIVERY),
            "branch": decision.get("branch_id"),
            "slot": f"{slot_id}@{date}" if slot_id else "",
            **decision.get("address", {}),
        }


class PaymentForm(forms.Form):
    """How it is paid, and the total that was shown."""

    payment_method = forms.ChoiceField(label=_("Pay with"), widget=forms.RadioSelect)
    expected_total = forms.DecimalField(
        max_digits=12, decimal_places=2, widget=forms.HiddenInput, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the provider's cards."""
        super().__init__(*args, **kwargs)
        cards = gateways.gateway_named(settings.PAYMENT_PROVIDER).test_cards
        self.fields["payment_method"].choices = [  # type: ignore[attr-defined]
            (card.token, card.label) for card in cards
        ]
        self.fields["payment_method"].initial = cards[0].token


def request_fields(decision: dict[str, Any]) -> dict[str, Any]:
    """Return a decision from the session as fields of a `CheckoutRequest`."""
    address = decision.get("address")
    date = decision.get("date")
    return {
        "fulfilment": Fulfilment(decision["fulfilment"]),
        "branch_id": decision.get("branch_id"),
        "address": Address(**address) if address else None,
        "slot_id": decision.get("slot_id"),
        "date": dt.date.fromisoformat(date) if date else None,
    }
