"""Commerce on the API, below /api/v1/."""

from django.urls import path

from commerce.api import carts, checkout, delivery_slots, orders

urlpatterns = [
    path("cart", carts.CartDetail.as_view(), name="api-cart"),
    path("cart/items", carts.CartItems.as_view(), name="api-cart-items"),
    path("cart/items/<int:line_id>", carts.CartItem.as_view(), name="api-cart-item"),
    path("checkout/preview", checkout.CheckoutPreview.as_view(), name="api-checkout-preview"),
    path("checkout/confirm", checkout.CheckoutConfirm.as_view(), name="api-checkout-confirm"),
    path("orders/checkout", checkout.OrderCheckout.as_view(), name="api-orders-checkout"),
    path("orders", orders.OrderList.as_view(), name="api-orders"),
    path("orders/<uuid:order_id>", orders.OrderDetail.as_view(), name="api-order"),
    path("delivery-slots", delivery_slots.DeliverySlotList.as_view(), name="api-delivery-slots"),
    path(
        "admin/delivery-slots",
        delivery_slots.AdminSlotsView.as_view(),
        name="api-admin-delivery-slots",
    ),
    path(
        "admin/delivery-slots/<int:slot_id>",
        delivery_slots.AdminSlotView.as_view(),
        name="api-admin-delivery-slot",
    ),
]
