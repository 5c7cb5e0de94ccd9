"""The signed-in shopper's cart on the API."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.selectors import users
from catalog.api.books import BookOutput
from catalog.selectors import book_records
from commerce.models.carts import MOST_COPIES
from commerce.selectors import carts as cart_selectors
from commerce.selectors.carts import CartView
from commerce.services import carts
from core.http.serializers import BuiltOnce, StrictSerializer
from core.ids import BIGGEST_ID


class CartItemInput(StrictSerializer):
    """A book and how many copies of it are to be added."""

    book_id = serializers.IntegerField(min_value=1, max_value=BIGGEST_ID)
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_COPIES, default=1)


class QuantityInput(StrictSerializer):
    """How many copies a line is to hold."""

    quantity = serializers.IntegerField(min_value=1, max_value=MOST_COPIES)


class NoticeOutput(BuiltOnce, serializers.Serializer[Any]):
    """What changed about a line since it was put in."""

    code = serializers.CharField()
    book_id = serializers.IntegerField()
    title = serializers.CharField()
    old_price = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
    new_price = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
    available = serializers.IntegerField(allow_null=True)


class CartItemOutput(BuiltOnce, serializers.Serializer[Any]):
    """A line at today's price; `available` counts copies over all branches."""

    id = serializers.IntegerField()
    book = BookOutput()
    quantity = serializers.IntegerField()
    unit_price = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
    line_total = serializers.DecimalField(max_digits=12, decimal_places=2)
    available = serializers.IntegerField()
    notice = NoticeOutput(allow_null=True)


class CartOutput(BuiltOnce, serializers.Serializer[CartView]):
    """The whole cart; `id` is null until something was put in."""

    id = serializers.UUIDField(allow_null=True)
    items = CartItemOutput(source="lines", many=True)
    item_count = serializers.IntegerField()
    subtotal = serializers.DecimalField(max_digits=12, decimal_places=2)
    currency = serializers.SerializerMethodField()
    notices = NoticeOutput(many=True)

    def get_currency(self, cart: CartView) -> str:
        """The store's currency."""
        return str(settings.STORE_CURRENCY)


class CartDetail(APIView):
    """GET and DELETE /cart."""

    @extend_schema(responses=CartOutput)
    def get(self, request: Request) -> Response:
        """Return the cart at today's prices and stock, and what changed."""
        return _cart(request)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Take everything out."""
        carts.clear_cart(user=users.signed_in(request.user))
        return Response(status=204)


class CartItems(APIView):
    """POST /cart/items."""

    @extend_schema(request=CartItemInput, responses={201: CartOutput})
    def post(self, request: Request) -> Response:
        """Put copies of a book in; copies of the same book add up."""
        body = CartItemInput(data=request.data)
        body.is_valid(raise_exception=True)
        carts.add_book(user=users.signed_in(request.user), **body.validated_data)
        return _cart(request, status=201)


class CartItem(APIView):
    """PUT and DELETE /cart/items/{id}."""

    @extend_schema(request=QuantityInput, responses=CartOutput)
    def put(self, request: Request, line_id: int) -> Response:
        """Change how many copies a line holds."""
        body = QuantityInput(data=request.data)
        body.is_valid(raise_exception=True)
        quantity = body.validated_data["quantity"]
        carts.set_quantity(user=users.signed_in(request.user), line_id=line_id, quantity=quantity)
        return _cart(request)

    @extend_schema(responses={200: CartOutput})
    def delete(self, request: Request, line_id: int) -> Response:
        """Take a book out."""
        carts.remove_line(user=users.signed_in(request.user), line_id=line_id)
        return _cart(request)


def _cart(request: Request, status: int = 200) -> Response:
    cart = cart_selectors.cart_of(
        users.signed_in(request.user).pk, read_books=book_records.records_even_withdrawn
    )
    return Response(CartOutput(cart).data, status=status)
