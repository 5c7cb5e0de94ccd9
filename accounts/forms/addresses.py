"""What people fill in to say where their books go."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.addresses import LONGEST, MISSING, PostalAddress, Preferences, country_choices, tidied
from core.errors import Invalid

_LEAVE, _SIGN = "leave_at_door", "signature_required"


def _line(name: str, label: Any, autocomplete: str) -> forms.CharField:
    missing = MISSING.get(name)
    return forms.CharField(
        label=label,
        max_length=LONGEST[name],
        required=missing is not None,
        error_messages={"required": missing} if missing else None,
        widget=forms.TextInput({"autocomplete": autocomplete}),
    )


class CountryField(forms.ChoiceField):
    """A country; the store's where none was said, as on the API."""

    def clean(self, value: Any) -> Any:
        """Fill in the store's country, then judge as usual."""
        return super().clean(value or settings.STORE_COUNTRY)


class PostalAddressForm(forms.Form):
    """An address, and what the driver is asked to do there."""

    recipient = _line("recipient", _("Full name"), "name")
    line1 = _line("line1", _("Street and house number"), "address-line1")
    line2 = _line("line2", _("Flat, floor or company"), "address-line2")
    postcode = _line("postcode", _("Postcode"), "postal-code")
    city = _line("city", _("Town or city"), "address-level2")
    country = CountryField(
        label=_("Country"),
        choices=country_choices,
        widget=forms.Select({"autocomplete": "country"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        help_text=_("Only so that the driver can reach you."),
        max_length=LONGEST["phone"],
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
    )
    handover = forms.ChoiceField(
        label=_("At the door"),
        choices=[
            ("", _("Ring, and hand them over")),
            (_LEAVE, _("Leave them at the door")),
            (_SIGN, _("Hand them over against a signature only")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    safe_place = forms.CharField(
        label=_("A safe place"),
        help_text=_("Where to leave the books if nobody is in, like “behind the flowerpots”."),
        max_length=LONGEST["safe_place"],
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("Note to the driver"),
        max_length=LONGEST["note"],
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        """Preset the store's country."""
        super().__init__(*args, **more)
        self.initial = {"country": settings.STORE_COUNTRY, **self.initial}

    def clean(self) -> dict[str, Any]:
        """Judge the address as every other door does, and put sloppy input right."""
        said = super().clean() or self.cleaned_data
        try:
            self.postal = tidied(_written(said))
        except Invalid as error:
            faults = dict(error.data["fields"])
            for name, sentences in {**faults.pop("delivery_preferences", {}), **faults}.items():
                if name not in self.errors:
                    self.add_error(name, sentences)
        return said


class SavedAddressForm(PostalAddressForm):
    """An address to keep."""

    is_default = forms.BooleanField(label=_("Send my books here by default"), required=False)

    def __init__(self, *args: Any, can_become_default: bool, **more: Any) -> None:
        """Ask about the default only where the answer makes a difference."""
        super().__init__(*args, **more)
        if not can_become_default:
            del self.fields["is_default"]


def initial_of(address: PostalAddress) -> dict[str, Any]:
    """Return a form's initial values for an address."""
    wishes = address.preferences
    handover = _LEAVE if wishes.leave_at_door else _SIGN if wishes.signature_required else ""
    return {
        **{name: getattr(address, name) for name in _ADDRESS},
        "handover": handover,
        "safe_place": wishes.safe_place,
        "note": wishes.note,
    }


_ADDRESS = ("recipient", "line1", "line2", "postcode", "city", "country", "phone")


def _written(said: Mapping[str, Any]) -> PostalAddress:
    handover = said.get("handover")
    wishes = Preferences(
        leave_at_door=handover == _LEAVE,
        signature_required=handover == _SIGN,
        safe_place=said.get("safe_place", ""),
        note=said.get("note", ""),
    )
    return PostalAddress(**{name: said.get(name, "") for name in _ADDRESS}, preferences=wishes)
