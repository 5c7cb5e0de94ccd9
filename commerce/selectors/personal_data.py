"""What an export says of somebody's carts and orders: one statement each, however many."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, Model, OuterRef, QuerySet
from django.db.models.functions import Cast, JSONObject

from accounts.models import BrowserSession
from accounts.sessions import SessionStore
from commerce.enums import DECISION
from commerce.models import Cart, CartLine, Order, OrderEvent, OrderLine, Payment
from core import rows

_AMOUNTS = {
    OrderLine: ("unit_price", "line_total", "tax_rate", "tax"),
    Payment: ("amount", "captured_amount", "refunded_amount"),
    CartLine: ("unit_price_seen",),
}
_ORDER = (
    *("id", "number", "status", "fulfilment", "branch_name"),
    *("slot_date", "slot_starts_at", "slot_ends_at"),
    *("subtotal", "delivery_fee", "tax", "total", "currency", "created_at", "updated_at"),
    *("items", "payment_rows", "history"),
)
_LINE = ("title", "authors", "isbn13", "quantity", "picked_status")
_PAYMENT = (
    *("provider", "status", "currency", "provider_reference", "failure_code"),
    *("created_at", "updated_at"),
)
_CONTACT = (
    *("email", "recipient", "line1", "line2", "city", "postcode", "country", "phone"),
    "delivery_preferences",
)


def orders_of(user_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """Return every order of somebody, oldest first, with lines, contact, payments and steps."""
    orders = (
        Order.objects.filter(user_id=user_id)
        .order_by("pk")
        .annotate(
            branch_name=F("branch__name"),
            slot_starts_at=F("slot__starts_at"),
            slot_ends_at=F("slot__ends_at"),
            items=_rows_of(OrderLine, "order", *_LINE),
            payment_rows=_rows_of(Payment, "order", *_PAYMENT),
            history=_rows_of(OrderEvent, "order", "from_status", "to_status", "created_at"),
            **{f"contact_{name}": F(f"contact__{name}") for name in _CONTACT},
        )
        .values(*_ORDER, *(f"contact_{name}" for name in _CONTACT))
    )
    for order in rows.stream(orders):
        contact = {name: order.pop(f"contact_{name}") for name in _CONTACT}
        order["payments"] = order.pop("payment_rows")
        order["contact"] = contact if contact["email"] is not None else None
        yield order


def carts_of(user_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """Return every cart of somebody with its lines, the ordered ones too."""
    carts = Cart.objects.filter(user_id=user_id).order_by("pk")
    return rows.stream(
        carts.values(
            "id",
            "status",
            "created_at",
            "updated_at",
            items=_rows_of(
                CartLine, "cart", "book_id", "quantity", "added_at", title=F("book__title")
            ),
        )
    )


def unfinished_checkouts_of(user_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return what was decided at a checkout that has not been paid, from each browser's session."""
    sessions = BrowserSession.objects.filter(user_id=user_id).order_by("created_at")
    kept = (SessionStore().decode(session.session_data).get(DECISION) for session in sessions)
    return [decision for decision in kept if decision]


def _rows_of(model: type[Model], owner: str, *names: str, **others: Any) -> ArraySubquery:
    """Return an expression for the rows of `model` that belong to the row outside, as objects.

    Amounts as text: numbers of JSON would lose their last zero.
    """
    amounts = {name: Cast(name, CharField()) for name in _AMOUNTS.get(model, ())}
    mine: QuerySet[Model] = model._default_manager.filter(**{owner: OuterRef("pk")}).order_by("pk")
    shown = JSONObject(**{name: name for name in names}, **amounts, **others)
    return ArraySubquery(mine.values(shown=shown))
