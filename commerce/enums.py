"""States of carts, orders and payments, and the roads between an order's states."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.roles import Role

# Where a browser's session keeps what was decided at the checkout, until it is ordered.
DECISION = "checkout"


class CartStatus(models.TextChoices):
    """A user has one ACTIVE cart at most; an ordered one stays with its order."""

    ACTIVE = "ACTIVE", _("Active")
    CHECKED_OUT = "CHECKED_OUT", _("Checked out")
    MERGED = "MERGED", _("Merged into another")


class Fulfilment(models.TextChoices):
    """How the books reach the reader."""

    DELIVERY = "DELIVERY", _("Delivery")
    PICKUP = "PICKUP", _("Collect from a branch")


class PickedStatus(models.TextChoices):
    """Whether a line has been taken from the shelf."""

    PENDING = "PENDING", _("Not picked yet")
    PICKED = "PICKED", _("Picked")
    MISSING = "MISSING", _("Missing")


class PaymentStatus(models.TextChoices):
    """What is known of a payment. UNKNOWN is never treated as failed."""

    INITIATED = "INITIATED", _("Started")
    UNKNOWN = "UNKNOWN", _("Outcome not known yet")
    CAPTURED = "CAPTURED", _("Paid")
    FAILED = "FAILED", _("Refused")
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED", _("Partly refunded")
    REFUNDED = "REFUNDED", _("Refunded")


LIVE_PAYMENTS = [PaymentStatus.INITIATED, PaymentStatus.UNKNOWN, PaymentStatus.CAPTURED]
OPEN_PAYMENTS = [PaymentStatus.INITIATED, PaymentStatus.UNKNOWN]


class OrderStatus(models.TextChoices):
    """Where an order stands."""

    PENDING = "PENDING", _("Waiting for payment")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    IN_PROGRESS = "IN_PROGRESS", _("Being picked")
    READY = "READY", _("Ready")
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY", _("On its way")
    DELIVERED = "DELIVERED", _("Delivered")
    PAYMENT_FAILED = "PAYMENT_FAILED", _("Payment failed")
    CANCELED = "CANCELED", _("Cancelled")
    DELAYED = "DELAYED", _("Delayed")
    MISSING = "MISSING", _("Books missing")
    REFUNDED = "REFUNDED", _("Refunded")


# Nothing more will come of these: they need no seat, and their cart may be ordered again.
DEAD_ORDERS = [OrderStatus.PAYMENT_FAILED, OrderStatus.CANCELED, OrderStatus.REFUNDED]

# Somebody still waits for these, so the shop has to know who and where they are.
OPEN_ORDERS = [
    status for status in OrderStatus if status not in {*DEAD_ORDERS, OrderStatus.DELIVERED}
]


@dataclass(frozen=True)
class Road:
    """A permitted step. `least` is the least staff role for it; None: only the system itself."""

    least: Role | None


_SYSTEM = Road(None)
_EMPLOYEE = Road(Role.EMPLOYEE)
_MANAGER = Road(Role.MANAGER)

ROADS: dict[OrderStatus, dict[OrderStatus, Road]] = {
    OrderStatus.PENDING: {
        OrderStatus.CONFIRMED: _SYSTEM,
        OrderStatus.PAYMENT_FAILED: _SYSTEM,
        OrderStatus.CANCELED: _SYSTEM,
    },
    OrderStatus.CONFIRMED: {
        OrderStatus.IN_PROGRESS: _EMPLOYEE,
        OrderStatus.DELAYED: _EMPLOYEE,
        OrderStatus.CANCELED: _MANAGER,
    },
    OrderStatus.IN_PROGRESS: {
        OrderStatus.READY: _EMPLOYEE,
        OrderStatus.MISSING: _EMPLOYEE,
        OrderStatus.DELAYED: _EMPLOYEE,
        OrderStatus.CANCELED: _MANAGER,
    },
    OrderStatus.DELAYED: {
        OrderStatus.IN_PROGRESS: _EMPLOYEE,
        OrderStatus.CANCELED: _MANAGER,
    },
    OrderStatus.MISSING: {
        OrderStatus.IN_PROGRESS: _EMPLOYEE,
        OrderStatus.READY: _MANAGER,
        OrderStatus.CANCELED: _MANAGER,
    },
    OrderStatus.READY: {
        OrderStatus.OUT_FOR_DELIVERY: _EMPLOYEE,
        OrderStatus.DELIVERED: _EMPLOYEE,
    },
    OrderStatus.OUT_FOR_DELIVERY: {
        OrderStatus.DELIVERED: _EMPLOYEE,
        OrderStatus.DELAYED: _EMPLOYEE,
    },
    OrderStatus.DELIVERED: {OrderStatus.REFUNDED: _MANAGER},
    OrderStatus.CANCELED: {OrderStatus.REFUNDED: _MANAGER},
    OrderStatus.PAYMENT_FAILED: {},
    OrderStatus.REFUNDED: {},
}
