"""Orders on the API: the shopper's own."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.selectors import users
from commerce.api.delivery_slots import SlotLinkOutput
from commerce.enums import Fulfilment, OrderStatus, PaymentStatus, PickedStatus
from commerce.models import Order, OrderEvent, OrderLine, Payment
from commerce.selectors import orders as order_selectors
from core.http.lists import list_response, read_list
from core.http.schema import PAGE_PARAMETERS
from core.http.serializers import BuiltOnce, InstantField
from core.pagination import paginate


class OrderItemOutput(BuiltOnce, serializers.ModelSerializer[OrderLine]):
    """A line as it was sold."""

    picked_status = serializers.ChoiceField(choices=PickedStatus.choices)

    class Meta:
        model = OrderLine
        fields = [
            "id",
            "book_id",
            "title",
            "isbn13",
            "unit_price",
            "quantity",
            "line_total",
            "picked_status",
        ]


class OrderEventOutput(BuiltOnce, serializers.Serializer[OrderEvent]):
    """A step; `from` is null for the first."""

    from_ = serializers.CharField(source="from_status", allow_null=True)
    to = serializers.CharField(source="to_status")
    at = InstantField(source="created_at")

    def to_representation(self, instance: OrderEvent) -> dict[str, Any]:
        """Spell `from` as the wire does; Python cannot."""
        shown = super().to_representation(instance)
        return {"from": shown.pop("from_") or None, **shown}


class OrderPaymentOutput(BuiltOnce, serializers.ModelSerializer[Payment]):
    """The latest attempt to pay."""

    status = serializers.ChoiceField(choices=PaymentStatus.choices)

    class Meta:
        model = Payment
        fields = ["status", "provider", "amount"]


class OrderOutput(BuiltOnce, serializers.ModelSerializer[Order]):
    """An order, whole."""

    status = serializers.ChoiceField(choices=OrderStatus.choices)
    fulfilment = serializers.ChoiceField(choices=Fulfilment.choices)
    branch = serializers.SerializerMethodField()
    items = OrderItemOutput(source="lines", many=True)
    payment = serializers.SerializerMethodField()
    delivery = serializers.SerializerMethodField()
    pickup = serializers.SerializerMethodField()
    created_at = InstantField()
    history = OrderEventOutput(source="events", many=True)

    class Meta:
        model = Order
        fields = [
            "id",
            "number",
            "status",
            "fulfilment",
            "branch",
            "items",
            "subtotal",
            "delivery_fee",
            "tax",
            "total",
            "currency",
            "payment",
            "delivery",
            "pickup",
            "created_at",
            "history",
        ]

    def get_branch(self, order: Order) -> dict[str, Any]:
        """Where the stock comes from."""
        return {"id": order.branch_id, "name": order.branch.name}

    @extend_schema_field(OrderPaymentOutput(allow_null=True))
    def get_payment(self, order: Order) -> dict[str, Any] | None:
        """The latest attempt to pay."""
        payments = list(order.payments.all())
        return dict(OrderPaymentOutput(payments[-1]).data) if payments else None

    def get_delivery(self, order: Order) -> dict[str, Any] | None:
        """Address and time of a delivery, null for collections."""
        if order.fulfilment != Fulfilment.DELIVERY:
            return None
        contact = getattr(order, "contact", None)
        names = ["recipient", "line1", "line2", "city", "postcode", "country", "phone"]
        return {
            "address": {name: getattr(contact, name) for name in names} if contact else None,
            "preferences": contact.preferences.as_json() if contact else None,
            **_slot_and_date(order),
        }

    def get_pickup(self, order: Order) -> dict[str, Any] | None:
        """Branch and time of a collection, null for deliveries."""
        if order.fulfilment != Fulfilment.PICKUP:
            return None
        return {"branch": self.get_branch(order), **_slot_and_date(order)}


def _slot_and_date(order: Order) -> dict[str, Any]:
    return {
        "slot": dict(SlotLinkOutput(order.slot).data) if order.slot else None,
        "date": order.slot_date.isoformat() if order.slot_date else None,
    }


class OrderList(APIView):
    """GET /orders."""

    @extend_schema(parameters=PAGE_PARAMETERS, responses=OrderOutput(many=True))
    def get(self, request: Request) -> Response:
        """Return the shopper's orders, newest first."""
        _none, window = read_list(request.query_params)
        page = paginate(order_selectors.orders_of(users.signed_in(request.user).pk), window)
        return list_response(request, page, OrderOutput)


class OrderDetail(APIView):
    """GET /orders/{id}."""

    @extend_schema(responses=OrderOutput)
    def get(self, request: Request, order_id: uuid.UUID) -> Response:
        """Return one of the shopper's orders."""
        order = order_selectors.order_for(
            user_id=users.signed_in(request.user).pk, order_id=order_id
        )
        return Response(OrderOutput(order).data)
