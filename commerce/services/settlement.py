"""Writing down what came of a payment: one function for every road by which we learn of it."""

import uuid

from django.db import IntegrityError, transaction
from django.db.models import Q

from catalog.services import stock
from commerce.enums import OPEN_PAYMENTS, CartStatus, OrderStatus, PaymentStatus
from commerce.gateways import ChargeResult, Outcome
from commerce.models import Cart, CartLine, Order, OrderLine, Payment
from commerce.models.carts import MOST_COPIES
from commerce.selectors import carts as cart_selectors
from commerce.services import delivery_slots, orders
from commerce.signals import order_confirmed
from core import locks


def settle_payment(*, payment_id: uuid.UUID, result: ChargeResult) -> None:
    """Record the outcome of a charge; safe to repeat, final outcomes never change.

    Captured: the order is CONFIRMED and `order_confirmed` sent inside the transaction. Declined:
    PAYMENT_FAILED, stock, seat and cart given back. Unknown: the order stays PENDING. Must be
    called outside any transaction. Raises `Busy`; then nothing has changed. After the commit of a
    confirmation the worker mails the buyer.
    Locks cart, slot day, order, payment and inventory in the global order: which rows those are
    is learnt by a plain read first and looked at again under the locks.
    """
    order_id = Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
    with transaction.atomic(durable=True):
        carts = _lock_what_a_refusal_gives_back(order_id, result)
        order = locks.lock_row(Order.objects.filter(pk=order_id))
        payment = locks.lock_row(Payment.objects.filter(pk=payment_id))
        if order is None or payment is None or payment.status not in OPEN_PAYMENTS:
            return
        if result.outcome is Outcome.CAPTURED:
            _confirm(order, payment, result)
        elif result.outcome is Outcome.DECLINED:
            _refuse(order, payment, result, carts)
        else:
            payment.status = PaymentStatus.UNKNOWN
            payment.save(update_fields=["status", "updated_at"])


def _lock_what_a_refusal_gives_back(order_id: uuid.UUID, result: ChargeResult) -> list[Cart]:
    if result.outcome is not Outcome.DECLINED:
        return []
    order = Order.objects.only("cart_id", "user_id", "slot_id", "slot_date").get(pk=order_id)
    mine = Q(pk=order.cart_id) | Q(user_id=order.user_id, status=CartStatus.ACTIVE)
    carts = locks.lock_rows(Cart.objects.filter(mine))
    if order.slot_id is not None and order.slot_date is not None:
        delivery_slots.lock_day(slot_id=order.slot_id, date=order.slot_date)
    return carts


def _confirm(order: Order, payment: Payment, result: ChargeResult) -> None:
    payment.status = PaymentStatus.CAPTURED
    payment.captured_amount = payment.amount
    payment.provider_reference = result.reference
    payment.save(update_fields=["status", "captured_amount", "provider_reference", "updated_at"])
    orders.change_status(order=order, to=OrderStatus.CONFIRMED, actor=None)
    order_confirmed.send(sender=Order, order_id=order.pk)


def _refuse(order: Order, payment: Payment, result: ChargeResult, carts: list[Cart]) -> None:
    payment.status = PaymentStatus.FAILED
    payment.failure_code = result.failure_code
    payment.provider_reference = result.reference
    payment.save(update_fields=["status", "failure_code", "provider_reference", "updated_at"])
    orders.change_status(order=order, to=OrderStatus.PAYMENT_FAILED, actor=None)
    if order.slot_id is not None and order.slot_date is not None:
        delivery_slots.give_back_seat(slot_id=order.slot_id, date=order.slot_date)
    _give_back_cart(order, carts)
    quantities = dict(OrderLine.objects.filter(order=order).values_list("book_id", "quantity"))
    stock.give_back_stock(
        branch_id=order.branch_id,
        quantities=quantities,
        references=dict.fromkeys(quantities, str(order.pk)),
        actor_id=None,
    )


def _give_back_cart(order: Order, carts: list[Cart]) -> None:
    ordered = next((cart for cart in carts if cart.pk == order.cart_id), None)
    if ordered is None or ordered.status != CartStatus.CHECKED_OUT:
        return
    active = next((cart for cart in carts if cart.status == CartStatus.ACTIVE), None)
    if active is None:
        try:
            with transaction.atomic():
                _mark(ordered, CartStatus.ACTIVE)
            return
        except IntegrityError:
            # The shopper began a new cart in this very moment: it stays, ours joins it.
            active = locks.lock_row(cart_selectors.active_cart_of(ordered.user_id))
    if active is not None:
        _merge_lines(ordered, active)
        _mark(ordered, CartStatus.MERGED)


def _mark(cart: Cart, status: CartStatus) -> None:
    cart.status = status
    cart.save(update_fields=["status", "updated_at"])


def _merge_lines(source: Cart, target: Cart) -> None:
    there = dict(CartLine.objects.filter(cart=target).values_list("book_id", "quantity"))
    merged = [
        CartLine(
            cart=target,
            book_id=line.book_id,
            quantity=min(MOST_COPIES, line.quantity + there.get(line.book_id, 0)),
            unit_price_seen=line.unit_price_seen,
        )
        for line in CartLine.objects.filter(cart=source)
    ]
    CartLine.objects.bulk_create(
        merged,
        update_conflicts=True,
        unique_fields=["cart", "book"],
        update_fields=["quantity"],
    )
