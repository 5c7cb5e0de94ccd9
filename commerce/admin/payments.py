"""Payments on the staff desk: to be read. The provider's word and our services change them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from commerce.admin.filters import StuckFilter
from commerce.enums import PaymentStatus
from commerce.models import Payment
from core.admin import (
    ChoicesDropdownFilter,
    DayRangeFilter,
    ModelAdmin,
    ReadOnly,
    display,
)
from core.money import format_money

_COLOURS = {
    PaymentStatus.INITIATED: "info",
    PaymentStatus.UNKNOWN: "warning",
    PaymentStatus.CAPTURED: "success",
    PaymentStatus.FAILED: "danger",
    PaymentStatus.PARTIALLY_REFUNDED: "default",
    PaymentStatus.REFUNDED: "default",
}


@admin.register(Payment)
class PaymentAdmin(ReadOnly, ModelAdmin):
    """Every attempt to take money, newest first; tokens of cards are never shown."""

    list_display = (
        "created_at",
        "order",
        "status_label",
        "amount_shown",
        "captured_shown",
        "refunded_shown",
        "provider",
    )
    list_filter = (
        StuckFilter,
        ("status", ChoicesDropdownFilter),
        ("created_at", DayRangeFilter),
    )
    list_select_related = ("order",)
    search_fields = ("order__number",)
    search_help_text = _("Order number or the provider's reference")
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": (("order", "status"), ("created_at", "updated_at"))}),
        (
            _("Amounts"),
            {"fields": (("amount_shown", "captured_shown"), "refunded_shown")},
        ),
        (_("Provider"), {"fields": (("provider", "provider_reference"), "failure_code")}),
    )
    in_palette = False

    def search_with(self, request: HttpRequest, queryset: QuerySet, term: str) -> QuerySet:
        by_number = queryset.filter(order__number=term.upper())
        return by_number | queryset.filter(provider_reference=term)

    @display(description=_("status"), ordering="status", label=_COLOURS)
    def status_label(self, payment: Payment) -> tuple[str, Any]:
        """The status in its colour."""
        return payment.status, payment.get_status_display()

    @admin.display(description=_("amount"), ordering="amount")
    def amount_shown(self, payment: Payment) -> str:
        """What was asked for."""
        return format_money(payment.amount)

    @admin.display(description=_("captured"))
    def captured_shown(self, payment: Payment) -> str:
        """What was taken."""
        return format_money(payment.captured_amount)

    @admin.display(description=_("refunded"))
    def refunded_shown(self, payment: Payment) -> str:
        """What was given back."""
        return format_money(payment.refunded_amount)
