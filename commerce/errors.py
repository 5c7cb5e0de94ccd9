"""What may go wrong between cart and order."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Invalid, NotFound


class CartEmpty(Conflict):
    """Nothing to buy."""

    code = "CART_EMPTY"
    sentence = _("Your cart is empty.")


class CartLineNotFound(NotFound):
    """The line is not in this shopper's cart."""

    sentence = _("This book is no longer in your cart.")


class BookUnavailable(Conflict):
    """Withdrawn, or without a price: shown, not sold."""

    code = "BOOK_UNAVAILABLE"
    sentence = _("“{title}” is not for sale.")


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
