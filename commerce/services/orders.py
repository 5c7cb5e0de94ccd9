"""Writing orders down and moving them along their roads."""

import secrets
import uuid
from collections.abc import Iterable, Mapping

from django.conf import settings

from accounts.models import User
from catalog.models import Book
from commerce.enums import ROADS, OrderStatus
from commerce.errors import InvalidStatusTransition
from commerce.models import Order, OrderContact, OrderEvent, OrderLine
from commerce.services.pricing import Totals
from core.addresses import PostalAddress
from core.errors import NotAllowed
from core.services import audit

# Crockford's base 32: no letter that could be mistaken for a digit on a slip of paper.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_order_number() -> str:
    """Return a number that people can read out and nobody can guess: eight characters, a dash."""
    characters = [secrets.choice(_ALPHABET) for _ in range(8)]
    return f"{''.join(characters[:4])}-{''.join(characters[4:])}"


def contact_of(user: User, destination: PostalAddress | None) -> OrderContact:
    """Return the contact of an order to be: a copy, so that no later change of either reaches it.

    `destination` is None for a collection.
    """
    if destination is None:
        return OrderContact(email=user.email, recipient=user.full_name)
    return OrderContact(
        email=user.email,
        recipient=destination.recipient,
        line1=destination.line1,
        line2=destination.line2,
        city=destination.city,
        postcode=destination.postcode,
        country=destination.country,
        phone=destination.phone,
        delivery_preferences=destination.preferences.as_json(),
    )


def write_order(
    *,
    order: Order,
    totals: Totals,
    books: Mapping[int, Book],
    authors: Mapping[int, str],
    contact: OrderContact,
) -> None:
    """Insert a PENDING order with its contact, its first event and snapshots of its lines.

    A constant number of statements, whatever the number of lines. Joins the caller's transaction.
    """
    order.number = new_order_number()
    order.status = OrderStatus.PENDING
    order.subtotal = totals.subtotal
    order.delivery_fee = totals.delivery_fee
    order.tax = totals.tax
    order.total = totals.total
    order.currency = settings.STORE_CURRENCY
    order.save(force_insert=True)
    contact.order = order
    contact.save(force_insert=True)
    OrderLine.objects.bulk_create(_lines(order, totals, books, authors))
    _record_step(order, from_status="", actor_id=order.user_id)


def change_status(*, order: Order, to: OrderStatus, actor: User | None) -> None:
    """Move an order that the caller holds locked along a road of `ROADS`; None is the system.

    Raises `InvalidStatusTransition` where no road leads and `NotAllowed` where it is not the
    actor's. The step, the audit row and the new status join the caller's transaction.
    """
    road = ROADS[OrderStatus(order.status)].get(to)
    if road is None:
        raise InvalidStatusTransition(from_status=order.status, to_status=to.value)
    if actor is not None and (road.least is None or not actor.has_role(road.least)):
        raise NotAllowed
    before = order.status
    order.status = to
    order.save(update_fields=["status", "updated_at"])
    _record_step(order, from_status=before, actor_id=actor.pk if actor else None)


def _lines(
    order: Order, totals: Totals, books: Mapping[int, Book], authors: Mapping[int, str]
) -> Iterable[OrderLine]:
    for line in totals.lines:
        book = books[line.book_id]
        yield OrderLine(
            order=order,
            book=book,
            title=book.title,
            authors=authors.get(book.pk, "")[:500],
            isbn13=book.isbn13,
            unit_price=line.unit_price,
            quantity=line.quantity,
            line_total=line.line_total,
            tax_rate=totals.tax_rate,
            tax=line.tax,
        )


def _record_step(order: Order, *, from_status: str, actor_id: uuid.UUID | None) -> None:
    OrderEvent.objects.create(
        order=order, from_status=from_status, to_status=order.status, actor_id=actor_id
    )
    audit.record_change(
        action="order.status_changed" if from_status else "order.placed",
        entity_type="order",
        entity_id=order.pk,
        actor_id=actor_id,
        old={"status": from_status} if from_status else None,
        new={"status": order.status, "number": order.number},
    )
