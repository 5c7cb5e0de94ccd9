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
from commerce.validators import one_printable_line

_ADDRESS = ["recipient", "line1", "postcode", "city"]


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


def _text(label: Any, most: int, autocomplete: str, missing: Any = None) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=missing is not None,
        error_messages={"required": missing} if missing else None,
        validators=[one_printable_line],
        widget=forms.TextInput({"autocomplete": autocomplete}),
    )


class DeliveryForm(forms.Form):
    """Where the books go, or where they are collected, and when."""

    use_required_attribute = False  # which fields are needed depends on the first choice

    fulfilment = forms.ChoiceField(
        label=_("How would you like your books?"),
        choices=[
            (Fulfilment.DELIVERY, _("Deliver them")),
            (Fulfilment.PICKUP, _("I collect them")),
        ],
        initial=Fulfilment.DELIVERY,
        widget=forms.RadioSelect,
    )
    recipient = _text(
        _("Full name"), 150, "name", _("Enter the full name of whoever receives the books")
    )
    line1 = _text(
        _("Street and house number"),
        200,
        "address-line1",
        _("Enter the street and house number"),
    )
    line2 = _text(_("Flat, floor or company"), 200, "address-line2")
    postcode = _text(_("Postcode"), 20, "postal-code", _("Enter the postcode"))
    city = _text(_("Town or city"), 100, "address-level2", _("Enter the town or city"))
    phone = forms.CharField(
        label=_("Telephone"),
        help_text=_("Only so that the driver can reach you."),
        max_length=40,
        required=False,
        validators=[one_printable_line],
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
    )
    branch = forms.ModelChoiceField(
        label=_("Branch"),
        queryset=Branch.objects.none(),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the branch where you collect them")},
    )
    slot = forms.ChoiceField(label=_("Day and time"), required=False)

    def __init__(self, *args: Any, slots: list[OfferedSlot], **kwargs: Any) -> None:
        """Offer the slots that still have a seat and the branches that are open."""
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = slot_choices(slots)  # type: ignore[attr-defined]
        branches = Branch.objects.active().filter(is_warehouse=False).order_by("name")
        self.fields["branch"].queryset = branches  # type: ignore[attr-defined]
        if self.is_bound:
            not_needed = (
                _ADDRESS if self.data.get("fulfilment") == Fulfilment.PICKUP else ["branch"]
            )
            for name in not_needed:
                self.fields[name].required = False

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
        names = [*_ADDRESS, "line2", "phone"]
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
    """How it is paid, and the total and the cart that were shown."""

    payment_method = forms.ChoiceField(label=_("Pay with"), widget=forms.RadioSelect)
    expected_total = forms.DecimalField(
        max_digits=12, decimal_places=2, widget=forms.HiddenInput, required=False
    )
    cart_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the provider's cards."""
        super().__init__(*args, **kwargs)
        cards = gateways.gateway_named(settings.PAYMENT_PROVIDER).test_cards
        self.fields["payment_method"].choices = [  # type: ignore[attr-defined]
            (card.token, card.label) for card in cards
        ]
        self.fields["payment_method"].initial = cards[0].token

    def payment(self) -> dict[str, Any]:
        """Return what was decided here as fields of a `CheckoutRequest`."""
        return {name: self.cleaned_data[name] for name in ("payment_method", "expected_total")}


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
