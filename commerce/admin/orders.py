"""Orders on the staff desk: to be found and read. Only services change them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from catalog.validators import hyphenated
from commerce.admin.filters import WorkFilter
from commerce.enums import OrderStatus
from commerce.models import Order, OrderContact, OrderEvent, OrderLine, Payment
from commerce.selectors import order_search, staff_orders
from core.admin import (
    ChoicesDropdownFilter,
    DayRangeFilter,
    Exportable,
    ModelAdmin,
    ReadOnly,
    RelatedDropdownFilter,
    StackedInline,
    TabularInline,
    actor_name,
    display,
    with_actor_name,
)
from core.money import format_money

STATUS_COLOURS = {
    OrderStatus.PENDING: "warning",
    OrderStatus.CONFIRMED: "info",
    OrderStatus.IN_PROGRESS: "info",
    OrderStatus.READY: "primary",
    OrderStatus.OUT_FOR_DELIVERY: "primary",
    OrderStatus.DELIVERED: "success",
    OrderStatus.PAYMENT_FAILED: "danger",
    OrderStatus.CANCELED: "default",
    OrderStatus.DELAYED: "warning",
    OrderStatus.MISSING: "danger",
    OrderStatus.REFUNDED: "default",
}


class _Shown(ReadOnly, TabularInline):
    """A table of what belongs to an order."""

    show_change_link = False


class OrderLineInline(_Shown):
    """What was bought, as it was sold."""

    model = OrderLine
    verbose_name_plural = _("books")
    fields = ("title", "authors", "isbn", "price", "quantity", "amount", "picked_status")
    ordering = ("pk",)

    @admin.display(description=_("ISBN-13"))
    def isbn(self, line: OrderLine) -> str:
        """The ISBN as people write it."""
        return hyphenated(line.isbn13)

    @admin.display(description=_("price"))
    def price(self, line: OrderLine) -> str:
        """The price of one copy."""
        return format_money(line.unit_price)

    @admin.display(description=_("amount"))
    def amount(self, line: OrderLine) -> str:
        """The price of all copies."""
        return format_money(line.line_total)


class OrderContactInline(ReadOnly, StackedInline):
    """Buyer and address, until they are erased."""

    model = OrderContact
    verbose_name_plural = _("contact")
    fields = (
        ("email", "phone"),
        ("recipient", "country"),
        ("line1", "line2"),
        ("city", "postcode"),
        "wishes",
    )

    @admin.display(description=_("delivery preferences"))
    def wishes(self, contact: OrderContact) -> str:
        """What the driver is asked to do."""
        return ". ".join(contact.preferences.sentences) or str(_("none"))


class OrderEventInline(_Shown):
    """Every step since the order was placed."""

    model = OrderEvent
    verbose_name_plural = _("timeline")
    fields = ("created_at", "step", "by")
    ordering = ("pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return with_actor_name(super().get_queryset(request))

    @admin.display(description=_("step"))
    def step(self, event: OrderEvent) -> str:
        """From where to where."""
        after = event.get_to_status_display()
        return f"{event.get_from_status_display()} → {after}" if event.from_status else after

    @admin.display(description=_("by"))
    def by(self, event: OrderEvent) -> str:
        """Who took the step."""
        return actor_name(event)


class PaymentInline(_Shown):
    """Every attempt to take the money."""

    model = Payment
    fields = ("created_at", "provider", "status", "asked", "captured", "refunded")
    ordering = ("pk",)
    show_change_link = True

    @admin.display(description=_("amount"))
    def asked(self, payment: Payment) -> str:
        """What was asked for."""
        return format_money(payment.amount)

    @admin.display(description=_("captured"))
    def captured(self, payment: Payment) -> str:
        """What was taken."""
        return format_money(payment.captured_amount)

    @admin.display(description=_("refunded"))
    def refunded(self, payment: Payment) -> str:
        """What was given back."""
        return format_money(payment.refunded_amount)


@admin.register(Order)
class OrderAdmin(Exportable, ReadOnly, ModelAdmin):
    """Every order, newest first; to employees tied to branches, those of their branches."""

    list_display = (
        "number",
        "created_at",
        "buyer",
        "status_label",
        "fulfilment",
        "branch",
        "total_amount",
        "line_count",
    )
    list_filter = (
        WorkFilter,
        ("status", ChoicesDropdownFilter),
        ("fulfilment", ChoicesDropdownFilter),
        ("branch", RelatedDropdownFilter),
        ("created_at", DayRangeFilter),
    )
    list_select_related = ("branch", "contact")
    search_fields = ("number",)
    search_help_text = _("Number, e-mail address or ISBN")
    ordering = ("-created_at",)
    exported_as = {"total_amount": "total"}
    personal_columns = {"buyer": "accounts.view_user"}
    view_on_site = False
    inlines = (OrderLineInline, PaymentInline, OrderEventInline, OrderContactInline)
    fieldsets = (
        (None, {"fields": (("number", "status"), ("created_at", "updated_at"))}),
        (_("Fulfilment"), {"fields": (("fulfilment", "branch"), ("slot", "slot_date"), "buyer")}),
        (
            _("Amounts"),
            {"fields": (("subtotal_amount", "fee_amount"), ("tax_amount", "total_amount"))},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
        counted = lines.annotate(number_of=Count("pk")).values("number_of")
        seen = staff_orders.orders_seen_by(super().get_queryset(request), request.user)
        orders = seen.annotate(buyer_email=F("contact__email"))
        return orders.annotate(lines_counted=Coalesce(Subquery(counted), 0))

    def search_with(self, request: HttpRequest, queryset: QuerySet, term: str) -> QuerySet:
        return order_search.orders_matching(queryset, term)

    def palette_note(self, row: Any) -> str:
        """How it stands, and the day it was placed."""
        day = date_format(timezone.localdate(row.created_at))
        return f"{row.get_status_display()}, {day}"

    @display(description=_("status"), ordering="status", label=STATUS_COLOURS)
    def status_label(self, order: Order) -> tuple[str, str]:
        """The status in its colour."""
        return order.status, order.get_status_display()

    @admin.display(description=_("buyer"), ordering="contact__email")
    def buyer(self, order: Any) -> str:
        """The address on the order; erased with the person."""
        return order.buyer_email or str(_("erased"))

    @admin.display(description=_("total"), ordering="total")
    def total_amount(self, order: Order) -> str:
        """What the buyer pays."""
        return format_money(order.total)

    @admin.display(description=_("subtotal"))
    def subtotal_amount(self, order: Order) -> str:
        """The books."""
        return format_money(order.subtotal)

    @admin.display(description=_("delivery fee"))
    def fee_amount(self, order: Order) -> str:
        """The delivery."""
        return format_money(order.delivery_fee)

    @admin.display(description=_("tax"))
    def tax_amount(self, order: Order) -> str:
        """The tax in it."""
        return format_money(order.tax)

    @admin.display(description=_("lines"), ordering="lines_counted")
    def line_count(self, order: Any) -> int:
        """How many different books."""
        return order.lines_counted
