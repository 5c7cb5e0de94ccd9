"""Pages of cart, checkout and orders."""

from django.urls import path

from commerce.views import carts, checkout, orders

app_name = "commerce"

urlpatterns = [
    path("cart/", carts.cart, name="cart"),
    path("cart/lines/", carts.cart_lines, name="cart-lines"),
    path("cart/lines/<int:line_id>/", carts.cart_line, name="cart-line"),
    path("checkout/", checkout.delivery, name="checkout"),
    path("checkout/payment/", checkout.payment, name="checkout-payment"),
    path("orders/", orders.history, name="orders"),
    path("orders/<str:number>/", orders.order, name="order"),
]
