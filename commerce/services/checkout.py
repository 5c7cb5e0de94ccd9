"""Buying what is in the cart: reserve, commit, charge, settle.

`place_order` is one short transaction that takes the stock last; the provider is asked outside
any transaction; `settlement.settle_payment` writes down what came of it. A process that dies in
between leaves a PENDING order whose payment tells what still has to be found out.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import EmailNotVerified
from accounts.models import User
from catalog.enums import ContributorRole
from catalog.models import Book, Branch, Inventory
from catalog.selectors import books as book_selectors
from catalog.services import stock
from commerce import gateways
from commerce.enums import OPEN_PAYMENTS, CartStatus, Fulfilment, OrderStatus
from commerce.errors import CartEmpty, PriceChanged, not_for_sale
from commerce.models import Cart, CartLine, DeliverySlot, Order, Payment
from commerce.selectors import carts as cart_selectors
from commerce.selectors import destinations
from commerce.services import delivery_slots, orders, pricing, settlement
from core import locks
from core.addresses import PostalAddress
from core.errors import Invalid, PaymentDeclined, Unavailable
from core.money import format_money
from core.retries import run_retrying
from core.services import idempotency, ratelimit

log = structlog.get_logger(__name__)
# For each user: every attempt locks stock and may ask the provider. A shop that cannot count goes
# on selling.
CHECKOUTS = ratelimit.Limit("checkout", attempts=20, seconds=60)


@dataclass(frozen=True)
class CheckoutRequest:
    """What a shopper decided. `expected_total` is what they were shown, if anything.

    A delivery goes to `address`, else to the saved one named, else to the user's default.
    """

    fulfilment: Fulfilment
    payment_method: str = ""
    branch_id: int | None = None
    address: PostalAddress | None = None
    address_id: uuid.UUID | None = None
    slot_id: int | None = None
    date: dt.date | None = None
    expected_total: Decimal | None = None


def check_out(
    *, user: User, request: CheckoutRequest, claim: idempotency.Claim | None = None
) -> Order:
    """Buy the user's cart; returns the order, CONFIRMED, or PENDING while the outcome is unknown.

    Must be called outside any transaction: the provider is asked between two of them. Raises what
    `place_order` raises, `RateLimited`, and `PaymentDeclined` (with the order's number) once the
    refusal is written down and stock, seat and cart are given back. A claim that died after
    placing its order (`claim.reference`) is resumed: the same payment is asked for again, never a
    second one.
    """
    ratelimit.count_attempt(CHECKOUTS, str(user.pk))
    if claim and claim.reference:
        order = Order.objects.get(pk=claim.reference)
    else:
        order = run_retrying(lambda: place_order(user=user, request=request, claim=claim))
    charge_order(order_id=order.pk)
    # Settling moved the row; branch and contact, which the answer shows, are at hand and stay.
    order.refresh_from_db(fields=["status", "updated_at"])
    if order.status == OrderStatus.PAYMENT_FAILED:
        raise PaymentDeclined(order_number=order.number, order_id=str(order.pk))
    return order


def charge_order(*, order_id: uuid.UUID) -> None:
    """Ask the provider for the order's open payment, outside any transaction, and settle it.

    When the outcome cannot be written down just now, the payment stays open: whoever settles
    later asks again with the same key.
    """
    payment = Payment.objects.filter(order_id=order_id, status__in=OPEN_PAYMENTS).first()
    if payment is None:
        return
    result = gateways.gateway_named(payment.provider).charge(
        key=payment.pk,
        amount=payment.amount,
        currency=payment.currency,
        method_token=payment.method_token,
    )
    try:
        run_retrying(lambda: settlement.settle_payment(payment_id=payment.pk, result=result))
    except Unavailable:
        # The money may be taken: "try again" would be the wrong thing to tell the shopper.
        log.warning("payment_not_settled", payment_id=str(payment.pk), outcome=result.outcome.value)


def place_order(
    *, user: User, request: CheckoutRequest, claim: idempotency.Claim | None = None
) -> Order:
    """Turn the user's cart into a PENDING order with its payment INITIATED and the stock taken.

    One transaction with a bounded number of statements. Locks the cart, the slot's day, and last
    the branch's inventory rows. Raises `CartEmpty`, `BookUnavailable`, `AddressRequired`,
    `AddressNotFound`, `EmailNotVerified`, `Invalid`, `SlotInvalid`, `SlotFull`, `PriceChanged`,
    `InsufficientStock` and `Busy`; none of them leaves anything behind.
    """
    if not gateways.gateway_named(settings.PAYMENT_PROVIDER).accepts(request.payment_method):
        raise Invalid(fields={"payment_method": [_("Choose one of the offered payment methods.")]})
    if settings.CHECKOUT_NEEDS_VERIFIED_EMAIL and not user.is_verified:
        raise EmailNotVerified
    with transaction.atomic(durable=True):
        cart = locks.lock_row(cart_selectors.active_cart_of(user.pk))
        if cart is None:
            raise CartEmpty
        books, copies = _books_and_copies(cart)
        destination = _destination_of(user, request)
        branch = _branch_for(request)
        totals = pricing.price_order(copies, request.fulfilment)
        _check_total(totals, request.expected_total)
        order = Order(user=user, cart=cart, fulfilment=request.fulfilment, branch=branch)
        if request.slot_id is not None and request.date is not None:
            delivery_slots.take_seat(slot_id=request.slot_id, date=request.date)
            order.slot_id, order.slot_date = request.slot_id, request.date
        orders.write_order(
            order=order,
            totals=totals,
            books=books,
            authors=_author_names(list(books)),
            contact=orders.contact_of(user, destination),
        )
        _open_payment(order, request.payment_method)
        Cart.objects.filter(pk=cart.pk).update(status=CartStatus.CHECKED_OUT)
        if claim:
            idempotency.attach_reference(claim, str(order.pk))
        stock.take_stock(
            branch_id=branch.pk,
            wanted={line.book_id: line.quantity for line in totals.lines},
            references=dict.fromkeys(books, str(order.pk)),
            actor_id=user.pk,
        )
    return order


# What an order keeps of a book, and what `is_for_sale` reads.
_BOOK_COLUMNS = (
    *("title", "isbn13", "price", "deleted_at", "published_on", "on_sale_on"),
    "is_preorder_allowed",
)


def _books_and_copies(cart: Cart) -> tuple[dict[int, Book], list[tuple[int, int, Decimal]]]:
    lines = list(
        CartLine.objects.filter(cart=cart)
        .select_related("book")
        .only("quantity", *(f"book__{name}" for name in _BOOK_COLUMNS))
        .order_by("id")
    )
    if not lines:
        raise CartEmpty
    copies = []
    for line in lines:
        if line.book.price is None or not line.book.is_for_sale:
            raise not_for_sale(line.book, title=line.book.title, book_id=line.book_id)
        copies.append((line.book_id, line.quantity, line.book.price))
    return {line.book_id: line.book for line in lines}, copies


def _destination_of(user: User, request: CheckoutRequest) -> PostalAddress | None:
    if request.fulfilment != Fulfilment.DELIVERY:
        return None
    return destinations.destination_for(
        user_id=user.pk, address=request.address, address_id=request.address_id
    )


def _branch_for(request: CheckoutRequest) -> Branch:
    active = Branch.objects.active()
    if request.fulfilment == Fulfilment.DELIVERY:
        branch = active.filter(is_warehouse=True).first()
        field = "fulfilment"
    else:
        branch = active.filter(is_warehouse=False, pk=request.branch_id or 0).first()
        field = "branch_id"
    if branch is None:
        raise Invalid(fields={field: [_("Choose one of the branches that are open.")]})
    return branch


def _author_names(book_ids: list[int]) -> dict[int, str]:
    made_by = book_selectors.credits_of(book_ids)
    return {
        book_id: ", ".join(c.name for c in made if c.role == ContributorRole.AUTHOR)
        for book_id, made in made_by.items()
    }


def _check_total(totals: pricing.Totals, expected: Decimal | None) -> None:
    if expected is not None and expected != totals.total:
        raise PriceChanged(total=format_money(totals.total), new_total=str(totals.total))


def _open_payment(order: Order, method_token: str) -> None:
    Payment.objects.create(
        order=order,
        provider=settings.PAYMENT_PROVIDER,
        method_token=method_token,
        amount=order.total,
        currency=order.currency,
    )


@dataclass(frozen=True)
class PreviewLine:
    """A line as it would be bought; `available` is what the order's branch has."""

    book_id: int
    title: str
    quantity: int
    unit_price: Decimal
    line_total: Decimal
    available: int


@dataclass(frozen=True)
class Preview:
    """What an order would be. Nothing is reserved by looking."""

    branch: Branch
    fulfilment: Fulfilment
    slot: DeliverySlot | None
    date: dt.date | None
    lines: list[PreviewLine]
    totals: pricing.Totals
    cart_id: uuid.UUID

    @property
    def missing(self) -> list[dict[str, Any]]:
        """Lines that ask for more than the branch has, as `INSUFFICIENT_STOCK` details."""
        return [
            {
                "book_id": line.book_id,
                "title": line.title,
                "requested": line.quantity,
                "available": line.available,
            }
            for line in self.lines
            if line.available < line.quantity
        ]


def preview_order(*, user: User, request: CheckoutRequest) -> Preview:
    """Work out what `place_order` would do, without locks and without writing anything.

    Raises `CartEmpty`, `BookUnavailable`, `AddressRequired`, `AddressNotFound`, `Invalid` and
    `SlotInvalid`.
    """
    cart = cart_selectors.active_cart_of(user.pk).first()
    if cart is None:
        raise CartEmpty
    books, copies = _books_and_copies(cart)
    _destination_of(user, request)
    branch = _branch_for(request)
    slot = None
    if request.slot_id is not None and request.date is not None:
        slot = delivery_slots.offered_slot(slot_id=request.slot_id, date=request.date)
    totals = pricing.price_order(copies, request.fulfilment)
    available = dict(
        Inventory.objects.filter(branch=branch, book_id__in=books).values_list(
            "book_id", "quantity"
        )
    )
    lines = [
        PreviewLine(
            book_id=line.book_id,
            title=books[line.book_id].title,
            quantity=line.quantity,
            unit_price=line.unit_price,
            line_total=line.line_total,
            available=available.get(line.book_id, 0),
        )
        for line in totals.lines
    ]
    return Preview(branch, request.fulfilment, slot, request.date, lines, totals, cart.pk)
