"""The rule of a price edit."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.enums import PriceRounding, PriceRuleKind
from catalog.selectors.prices import HIGHEST_PRICE, PriceRule


class PriceRuleForm(forms.Form):
    """Percent or amount, up or down, or one price for all; and where the result ends up."""

    kind = forms.ChoiceField(label=_("Change"), choices=PriceRuleKind)
    value = forms.DecimalField(
        label=_("By or to"),
        max_digits=10,
        decimal_places=2,
        help_text=_("A minus lowers the price: -5 with percent is five percent less."),
    )
    rounding = forms.ChoiceField(
        label=_("Round"),
        choices=PriceRounding,
        required=False,
        help_text=_("A price set exactly stays as it is."),
    )

    def clean(self) -> dict[str, object]:
        """Refuse what no shop means: below nothing, or a slip of the decimal point."""
        said = super().clean() or {}
        value = said.get("value")
        if not isinstance(value, Decimal):
            return said
        kind = said.get("kind")
        if kind == PriceRuleKind.PERCENT and not -100 <= value <= 1000:
            self.add_error("value", _("Give a percentage from -100 to 1000."))
        if kind == PriceRuleKind.EXACT and not 0 <= value <= HIGHEST_PRICE:
            self.add_error("value", _("A price cannot be negative."))
        return said

    def rule(self) -> PriceRule:
        """Return what the valid form says."""
        said = self.cleaned_data
        return PriceRule(
            kind=PriceRuleKind(said["kind"]),
            value=said["value"],
            rounding=PriceRounding(said["rounding"] or PriceRounding.CENT),
        )
