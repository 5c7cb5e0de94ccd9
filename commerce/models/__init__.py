"""Carts, delivery slots, orders and payments."""

from commerce.models.carts import Cart, CartLine
from commerce.models.delivery_slots import DeliverySlot, DeliverySlotDay
from commerce.models.orders import Order, OrderContact, OrderEvent, OrderLine
from commerce.models.payments import Payment

__all__ = [
    "Cart",
    "CartLine",
    "DeliverySlot",
    "DeliverySlotDay",
    "Order",
    "OrderContact",
    "OrderEvent",
    "OrderLine",
    "Payment",
]
