"""The shape of what people type at the checkout."""

import datetime as dt
import uuid
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.forms.addresses import PostalAddressForm, initial_of
from accounts.models import Address, User
from catalog.models import Branch
from commerce import gateways
from commerce.enums import Fulfilment
from commerce.selectors.delivery_slots import OfferedSlot
from core.addresses import PostalAddress

NEW = "new"  # in place of a saved address's id


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


class DeliveryForm(PostalAddressForm):
    """Where the books go, or where they are collected, and when."""

    use_required_attribute = False  # which fields are needed depends on the first choices

    fulfilment = forms.ChoiceField(
        label=_("How would you like your books?"),
        choices=[
            (Fulfilment.DELIVERY, _("Deliver them")),
            (Fulfilment.PICKUP, _("I collect them")),
        ],
        initial=Fulfilment.DELIVERY,
        widget=forms.RadioSelect,
    )
    address = forms.ChoiceField(
        label=_("Deliver to"),
        error_messages={"required": _("Choose where to deliver to")},
        widget=forms.RadioSelect,
    )
    save = forms.BooleanField(label=_("Save this address for next time"), required=False)
    branch = forms.ModelChoiceField(
        label=_("Branch"),
        queryset=Branch.objects.none(),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the branch where you collect them")},
    )
    slot = forms.ChoiceField(label=_("Day and time"), required=False)
    field_order = ("fulfilment", "address", *PostalAddressForm.base_fields, "save")

    def __init__(
        self, *args: Any, slots: list[OfferedSlot], saved: list[Address], **kwargs: Any
    ) -> None:
        """Offer the saved addresses, the slots that have a seat and the branches that are open."""
        super().__init__(*args, **kwargs)
        self.saved = {str(address.pk): address.postal for address in saved}
        if saved:
            offered = [(pk, _in_words(address)) for pk, address in self.saved.items()]
            choices = [*offered, (NEW, _("Another address"))]
            self.fields["address"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["address"]
        self.fields["slot"].choices = slot_choices(slots)  # type: ignore[attr-defined]
        branches = Branch.objects.active().filter(is_warehouse=False).order_by("name")
        self.fields["branch"].queryset = branches  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Judge only what the first choices ask for."""
        is_pickup = self.cleaned_data.get("fulfilment") == Fulfilment.PICKUP
        is_typed = not is_pickup and self._address_choice() == NEW
        if is_typed:
            super().clean()
        not_needed = [] if is_typed else list(PostalAddressForm.base_fields)
        not_needed.append("address" if is_pickup else "branch")
        for name in not_needed:
            self.errors.pop(name, None)
        return self.cleaned_data

    @property
    def is_to_be_saved(self) -> bool:
        """Whether the address that was typed is wanted again, and is not among the saved ones."""
        data = self.cleaned_data
        is_delivery = data["fulfilment"] == Fulfilment.DELIVERY
        return is_delivery and data["save"] and self._saved_id() is None

    def decision(self, new_id: uuid.UUID | None) -> dict[str, Any]:
        """Return what was decided, as plain JSON for the session; `new_id` if it was just saved.

        The address is in it as it was shown, so that a change of the saved one changes nothing.
        """
        data = self.cleaned_data
        slot_id, _at, date = data["slot"].partition("@")
        decided: dict[str, Any] = {
            "fulfilment": data["fulfilment"],
            "slot_id": int(slot_id) if slot_id else None,
            "date": date or None,
        }
        if data["fulfilment"] == Fulfilment.PICKUP:
            return decided | {"branch_id": data["branch"].pk}
        saved_id = str(new_id) if new_id else self._saved_id()
        postal = self.saved.get(self._address_choice()) or self.postal
        return decided | {"address": postal.as_json(), "address_id": saved_id}

    def _address_choice(self) -> str:
        return self.cleaned_data.get("address", "") if "address" in self.fields else NEW

    def _saved_id(self) -> str | None:
        choice = self._address_choice()
        if choice != NEW:
            return choice
        return next((pk for pk, postal in self.saved.items() if postal == self.postal), None)


def initial_for(user: User, decision: dict[str, Any], saved: list[Address]) -> dict[str, Any]:
    """Return the delivery form's initial values, after a decision made before or without one."""
    slot_id, date = decision.get("slot_id"), decision.get("date")
    address, address_id = decision.get("address"), decision.get("address_id")
    ids = [str(known.pk) for known in saved]
    typed = {"recipient": user.full_name}
    choice = address_id if address_id in ids else next(iter(ids), NEW)
    if address is not None and address_id not in ids:
        typed, choice = initial_of(PostalAddress.read(address)), NEW
    return {
        "fulfilment": decision.get("fulfilment", Fulfilment.DELIVERY),
        "address": choice,
        "branch": decision.get("branch_id"),
        "slot": f"{slot_id}@{date}" if slot_id else "",
        **typed,
    }


def _in_words(address: PostalAddress) -> str:
    wishes = ". ".join(address.preferences.sentences)
    return format_html(
        '<span class="choice">{}<span class="muted small"> {}</span></span>',
        address.in_one_line,
        wishes,
    )


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
        "address": PostalAddress.read(address) if address else None,
        "slot_id": decision.get("slot_id"),
        "date": dt.date.fromisoformat(date) if date else None,
    }
