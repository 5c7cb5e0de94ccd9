"""Orders, payments and delivery slots on the staff desk."""

from commerce.admin.delivery_slots import DeliverySlotAdmin
from commerce.admin.orders import OrderAdmin
from commerce.admin.payments import PaymentAdmin

__all__ = ["DeliverySlotAdmin", "OrderAdmin", "PaymentAdmin"]
