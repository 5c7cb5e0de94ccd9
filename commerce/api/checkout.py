"""Previewing and placing an order on the API."""

import json
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.addresses import PostalAddressInput, postal_address
from accounts.selectors import users
from commerce.api.delivery_slots import SlotLinkOutput
from commerce.api.orders import OrderOutput
from commerce.enums import Fulfilment, OrderStatus
from commerce.models import Order
from commerce.selectors import orders as order_selectors
from commerce.services import checkout
from commerce.services.checkout import CheckoutRequest, Preview
from core.errors import PaymentDeclined
from core.http.envelope import Envelope
from core.http.problems import error_body, status_of
from core.http.serializers import StrictSerializer
from core.ids import BIGGEST_ID
from core.services import idempotency
from core.services.idempotency import Claim, Replay

KEY_PARAMETER = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="1–255 visible ASCII characters"
)


class PreviewInput(StrictSerializer):
    """How the books should reach the reader; payment fields are ignored by a preview.

    A delivery goes to `address_id` (a saved address) or to `address`; without either to the
    default address.
    """

    fulfilment = serializers.ChoiceField(choices=Fulfilment.choices)
    branch_id = serializers.IntegerField(min_value=1, max_value=BIGGEST_ID, required=False)
    address_id = serializers.UUIDField(required=False)
    address = PostalAddressInput(required=False)
    slot_id = serializers.IntegerField(min_value=1, max_value=BIGGEST_ID, required=False)
    date = serializers.DateField(required=False)
    payment_method = serializers.CharField(max_length=255, required=False)
    expected_total = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A slot and its date come together; there is one address."""
        if "address_id" in attrs and "address" in attrs:
            raise serializers.ValidationError(
                {"address_id": [_("Give either address_id or address.")]}
            )
        if ("slot_id" in attrs) != ("date" in attrs):
            missing = "date" if "slot_id" in attrs else "slot_id"
            raise serializers.ValidationError({missing: [_("Give slot_id and date together.")]})
        return attrs

    def checkout_request(self) -> CheckoutRequest:
        """Return the validated input in the service's words."""
        data = dict(self.validated_data)
        if "address" in data:
            data["address"] = postal_address(data["address"])
        return CheckoutRequest(**data | {"fulfilment": Fulfilment(data["fulfilment"])})


class CheckoutInput(PreviewInput):
    """The same, with the provider's token that pays."""

    payment_method = serializers.CharField(max_length=255)


class MissingItemOutput(serializers.Serializer[Any]):
    """A book that the branch has too few of."""

    book_id = serializers.IntegerField()
    title = serializers.CharField()
    requested = serializers.IntegerField()
    available = serializers.IntegerField()


class PreviewItemOutput(serializers.Serializer[Any]):
    """A line as it would be bought."""

    book_id = serializers.IntegerField()
    title = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.DecimalField(max_digits=10, decimal_places=2)
    line_total = serializers.DecimalField(max_digits=12, decimal_places=2)


class PreviewOutput(serializers.Serializer[Preview]):
    """What an order would be."""

    branch = serializers.SerializerMethodField()
    fulfilment = serializers.CharField()
    slot = SlotLinkOutput(allow_null=True)
    date = serializers.DateField(allow_null=True)
    items = PreviewItemOutput(source="lines", many=True)
    missing_items = MissingItemOutput(source="missing", many=True)
    subtotal = serializers.DecimalField(12, 2, source="totals.subtotal")
    delivery_fee = serializers.DecimalField(10, 2, source="totals.delivery_fee")
    tax = serializers.DecimalField(12, 2, source="totals.tax")
    total = serializers.DecimalField(12, 2, source="totals.total")
    currency = serializers.SerializerMethodField()
    can_confirm = serializers.SerializerMethodField()

    def get_branch(self, preview: Preview) -> dict[str, Any]:
        """Where the stock would come from."""
        return {"id": preview.branch.pk, "name": preview.branch.name}

    def get_currency(self, preview: Preview) -> str:
        """The store's currency."""
        return str(settings.STORE_CURRENCY)

    def get_can_confirm(self, preview: Preview) -> bool:
        """Whether confirming now would find every copy."""
        return not preview.missing


class CheckoutPreview(APIView):
    """POST /checkout/preview."""

    @extend_schema(request=PreviewInput, responses=PreviewOutput)
    def post(self, request: Request) -> Response:
        """Say what confirming would do; nothing is reserved."""
        body = PreviewInput(data=request.data)
        body.is_valid(raise_exception=True)
        preview = checkout.preview_order(
            user=users.signed_in(request.user), request=body.checkout_request()
        )
        return Response(PreviewOutput(preview).data)


class _Checkout(APIView):
    route = ""
    key_is_required = False

    def _buy(self, request: Request) -> Response:
        body = CheckoutInput(data=request.data)
        body.is_valid(raise_exception=True)
        raw_key = request.headers.get("Idempotency-Key")
        if raw_key is None and not self.key_is_required:
            return _answer(request, body.checkout_request(), claim=None)
        claimed = idempotency.claim_key(
            scope=idempotency.scope_of_user(users.signed_in(request.user).pk),
            route=self.route,
            key=idempotency.read_key(raw_key or ""),
            fingerprint=idempotency.fingerprint_of(request.data),
        )
        if isinstance(claimed, Replay):
            replay = Response(Envelope(json.loads(claimed.body)), status=claimed.status)
            replay["Idempotent-Replayed"] = "true"
            return replay
        return _answer(request, body.checkout_request(), claim=claimed)


class CheckoutConfirm(_Checkout):
    """POST /checkout/confirm."""

    route = "checkout/confirm"
    key_is_required = True

    @extend_schema(
        request=CheckoutInput,
        parameters=[KEY_PARAMETER],
        responses={
            201: OrderOutput,
            202: OrderOutput,
            402: OpenApiResponse(description="Declined"),
        },
    )
    def post(self, request: Request) -> Response:
        """Buy the cart. The key makes repeats safe."""
        return self._buy(request)


class OrderCheckout(_Checkout):
    """POST /orders/checkout."""

    route = "orders/checkout"

    @extend_schema(
        request=CheckoutInput,
        parameters=[KEY_PARAMETER],
        responses={
            201: OrderOutput,
            202: OrderOutput,
            402: OpenApiResponse(description="Declined"),
        },
    )
    def post(self, request: Request) -> Response:
        """Buy the cart in one step; the key is optional."""
        return self._buy(request)


def _answer(request: Request, wish: CheckoutRequest, *, claim: Claim | None) -> Response:
    try:
        order = checkout.check_out(user=users.signed_in(request.user), request=wish, claim=claim)
    except PaymentDeclined as error:
        # Final, and written down: a repeat with the same key hears the same.
        body = error_body(error.code, error.message, error.details)
        if claim:
            _store(claim, status_of(error), body)
        return Response(body, status=status_of(error))
    except BaseException:
        # Releases the claim only if no order was committed under it; else the next attempt
        # with the key resumes that order.
        if claim:
            idempotency.release_claim(claim)
        raise
    return _order_response(order, claim)


def _order_response(order: Order, claim: Claim | None) -> Response:
    body = Envelope(data=OrderOutput(order_selectors.with_parts(order)).data)
    status = 202 if order.status == OrderStatus.PENDING else 201
    if claim:
        _store(claim, status, body)
    return Response(body, status=status)


def _store(claim: Claim, status: int, body: Envelope) -> None:
    # As text, because jsonb would forget the order of keys and a replay is the same to the byte.
    idempotency.store_answer(claim, status=status, body=json.dumps(body))
