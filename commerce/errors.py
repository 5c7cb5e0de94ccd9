"""What may go wrong between cart and order."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from catalog.sale_rules import Sellable
from core.days import written_day
from core.errors import Conflict, Invalid, NotFound


class CartEmpty(Conflict):
    """Nothing to buy."""

    code = "CART_EMPTY"
    sentence = _("Your cart is empty.")


class CartLineNotFound(NotFound):
    """The line is not in this shopper's cart."""

    sentence = _("This book is no longer in your cart.")


class BookUnavailable(Conflict):
    """Withdrawn, without a price, or its day has not come: shown, not sold."""

    code = "BOOK_UNAVAILABLE"
    sentence = _("“{title}” is not for sale.")


class BookNotOnSaleYet(BookUnavailable):
    """It waits for its publication or its strict on-sale date. Data: `sold_from`, an ISO date."""

    sentence = _("“{title}” is not on sale before {day}.")

    @property
    def message(self) -> str:
        """The sentence with the day as people write it."""
        day = written_day(dt.date.fromisoformat(self.data["sold_from"]))
        return str(self.sentence).format(title=self.data["title"], day=day)


def not_for_sale(book: Sellable, *, title: str, book_id: int) -> BookUnavailable:
    """Return the refusal of a book that may not be sold today."""
    if book.sold_from is None:
        return BookUnavailable(title=title, book_id=book_id)
    return BookNotOnSaleYet(title=title, book_id=book_id, sold_from=book.sold_from.isoformat())


class OutOfStock(Conflict):
    """No branch has a copy."""

    code = "OUT_OF_STOCK"
    sentence = _("“{title}” is out of stock.")


class PriceChanged(Conflict):
    """The total is not what the shopper was shown."""

    code = "PRICE_CHANGED"
    sentence = _("The total changed to {total} since you last saw it. Please check it again.")


class AddressRequired(Invalid):
    """A delivery needs somewhere to go."""

    code = "ADDRESS_REQUIRED"
    sentence = _("Tell us where to deliver to.")


class SlotInvalid(Invalid):
    """No such slot on that day, or it is over."""

    code = "SLOT_INVALID"
    sentence = _("This time is not offered on that day.")


class SlotFull(Conflict):
    """Somebody took the last seat."""

    code = "SLOT_FULL"
    sentence = _("This time is fully booked. Please choose another.")


class SlotNotFound(NotFound):
    """No delivery slot has this id."""

    code = "SLOT_NOT_FOUND"
    sentence = _("We could not find this delivery slot.")


class SlotOverlap(Conflict):
    """Two windows would run at the same time. Data: `slot_id` and `other`, the one there is."""

    code = "SLOT_OVERLAP"
    sentence = _("This overlaps with the slot {other}.")


class SlotBooked(Conflict):
    """Somebody has chosen it already. Data: `slot_id`, `booked`, `date` of a coming day."""

    code = "SLOT_BOOKED"
    sentence = _("{booked} orders have it already. Switch it off and add another slot.")


class OrderNotFound(NotFound):
    """No such order, or not theirs."""

    sentence = _("We could not find this order.")


class InvalidStatusTransition(Conflict):
    """An order cannot go this way."""

    code = "INVALID_STATUS_TRANSITION"
    sentence = _("An order that is {from_status} cannot become {to_status}.")


class OrderOpen(Conflict):
    """Whoever waits for an order cannot leave the shop."""

    code = "ORDER_OPEN"
    sentence = _(
        "An order of yours is still under way. "
        "Your account can be deleted once it has arrived or was cancelled."
    )


class BranchHasOrders(Conflict):
    """Somebody still waits for what a branch is to give out. Data: `branch_id`, `orders`."""

    code = "BRANCH_HAS_ORDERS"
    sentence = _("{orders} orders are still under way here. Finish or cancel them first.")
