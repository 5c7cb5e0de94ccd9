"""Finding any order, for staff: by number, by the buyer's address, by a book's ISBN."""

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from catalog.validators import to_isbn13
from commerce.models import Order, OrderContact, OrderLine

MOST_CHARACTERS = 100


def orders_matching(orders: QuerySet[Order], text: str) -> QuerySet[Order]:
    """Narrow `orders` to those that `text` names; all of them for no text.

    An ISBN in any spelling finds the orders of that book; anything with an @ those of the buyer
    (the address as it was on the order or as it is now); else it is the beginning of a number.
    """
    term = text.strip()[:MOST_CHARACTERS]
    if not term:
        return orders
    if "@" in term:
        address = term.lower()
        contacts = OrderContact.objects.filter(email__iexact=address)
        return orders.filter(Q(user__email=address) | Q(pk__in=contacts.values("order_id")))
    try:
        isbn13 = to_isbn13(term)
    except ValidationError:
        return orders.filter(number__startswith=term.upper())
    return orders.filter(pk__in=OrderLine.objects.filter(isbn13=isbn13).values("order_id"))
