"""What carts, orders and payments hold about people."""

from commerce.selectors import personal_data
from commerce.services import erasure
from core import privacy


def declare() -> None:
    """Put commerce's tables into the registry (called once, when the app is ready)."""
    _declare_orders()
    _declare_steps_and_payments()
    _declare_carts()
    _declare_slots()
    privacy.export("orders", personal_data.orders_of)
    privacy.export("carts", personal_data.carts_of)
    privacy.export("unfinished_checkouts", personal_data.unfinished_checkouts_of)
    privacy.erasure(
        "commerce",
        lock=erasure.lock_carts,
        check=erasure.refuse_open_orders,
        erase=erasure.erase_person,
    )


_BOOKS = "what was sold, at what price and tax: the books need it, without the person"


def _declare_orders() -> None:
    privacy.classify(
        "commerce.Order",
        why=_BOOKS,
        fate=privacy.Fate.DETACHED,
        section="orders",
        personal="number status fulfilment branch slot slot_date subtotal delivery_fee tax total "
        "currency created_at updated_at",
        references="id user cart",
    )
    privacy.classify(
        "commerce.OrderContact",
        why="whom an order goes to and where",
        section="orders",
        personal="email recipient line1 line2 city postcode country phone delivery_preferences",
        references="order",
    )
    privacy.classify(
        "commerce.OrderLine",
        why=_BOOKS,
        fate=privacy.Fate.DETACHED,
        section="orders",
        personal="title authors isbn13 unit_price quantity line_total tax_rate tax picked_status",
        references="order",
        other="id book",
    )


def _declare_steps_and_payments() -> None:
    privacy.classify(
        "commerce.OrderEvent",
        why="every step of an order; append-only",
        fate=privacy.Fate.DETACHED,
        section="orders",
        personal="from_status to_status created_at",
        references="order actor_id",
        other="id",
    )
    privacy.classify(
        "commerce.Payment",
        why="what was paid and given back, for the books; the card's token is blanked",
        fate=privacy.Fate.DETACHED,
        section="orders",
        personal="provider status amount captured_amount refunded_amount currency "
        "provider_reference failure_code created_at updated_at",
        hidden="method_token",
        references="id order",
    )


def _declare_carts() -> None:
    why = "what somebody means to buy, on every device of theirs"
    privacy.classify(
        "commerce.Cart",
        why=why,
        section="carts",
        personal="status created_at updated_at",
        references="id user",
    )
    privacy.classify(
        "commerce.CartLine",
        why=why,
        section="carts",
        personal="book quantity unit_price_seen added_at",
        references="cart",
        other="id",
    )


def _declare_slots() -> None:
    privacy.classify_impersonal(
        "commerce.DeliverySlot",
        why="windows of the week",
        other="id day_of_week starts_at ends_at capacity is_active",
    )
    privacy.classify_impersonal(
        "commerce.DeliverySlotDay", why="a number of seats", other="id slot date seats_taken"
    )
