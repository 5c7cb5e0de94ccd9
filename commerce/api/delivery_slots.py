"""Delivery slots on the API."""

import datetime as dt
from typing import Any, cast

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from commerce.models import DeliverySlot
from commerce.selectors import delivery_slots as slot_selectors
from commerce.services import delivery_slots
from core.http.lists import list_response, read_list
from core.http.permissions import needs
from core.http.schema import PAGE_PARAMETERS
from core.http.serializers import BuiltOnce, StrictSerializer
from core.pagination import MOST_ITEMS, page_of


class SlotQuery(StrictSerializer):
    """Which slots: those of a weekday (0 is Monday), or of a date with the seats left."""

    day_of_week = serializers.IntegerField(min_value=0, max_value=6, required=False)
    date = serializers.DateField(required=False)


@extend_schema_field({"type": "string", "pattern": r"^\d\d:\d\d$"})
class ClockField(serializers.TimeField):
    """Hours and minutes ("08:00"), which OpenAPI's own `time` is not."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M"], **kwargs)


class SlotLinkOutput(BuiltOnce, serializers.Serializer[DeliverySlot]):
    """The window that an order has, or would have."""

    id = serializers.IntegerField(source="pk")
    starts_at = ClockField()
    ends_at = ClockField()


class DeliverySlotOutput(serializers.ModelSerializer[DeliverySlot]):
    """A window; `remaining` seats where a date was asked for."""

    starts_at = ClockField()
    ends_at = ClockField()
    remaining = serializers.IntegerField(required=False)

    class Meta:
        model = DeliverySlot
        fields = [
            "id",
            "day_of_week",
            "starts_at",
            "ends_at",
            "capacity",
            "is_active",
            "remaining",
        ]


class SlotInput(StrictSerializer):
    """A window of the week between 06:00 and 22:00, with room for `capacity` orders."""

    day_of_week = serializers.IntegerField(min_value=0, max_value=6, help_text="0 is Monday")
    starts_at = ClockField()
    ends_at = ClockField()
    capacity = serializers.IntegerField(min_value=1, max_value=10_000)
    is_active = serializers.BooleanField(required=False)


class SlotChangesInput(SlotInput):
    """What is to change."""

    day_of_week = serializers.IntegerField(
        min_value=0, max_value=6, required=False, help_text="0 is Monday"
    )
    starts_at = ClockField(required=False)
    ends_at = ClockField(required=False)
    capacity = serializers.IntegerField(min_value=1, max_value=10_000, required=False)


class DeliverySlotList(APIView):
    """GET /delivery-slots."""

    permission_classes = [AllowAny]

    @extend_schema(
        parameters=[SlotQuery, *PAGE_PARAMETERS], responses=DeliverySlotOutput(many=True)
    )
    def get(self, request: Request) -> Response:
        """Return the week's slots, or those that can be chosen on a date."""
        # A week of two-hour windows fits into one page.
        wanted, window = read_list(request.query_params, SlotQuery, default_size=MOST_ITEMS)
        return list_response(request, page_of(_slots(wanted), window), DeliverySlotOutput)


@method_decorator(never_cache, name="dispatch")
class AdminSlotsView(APIView):
    """The week's windows, for managers."""

    permission_classes = [needs("commerce.add_deliveryslot")]

    @extend_schema(
        operation_id="delivery_slots_create",
        tags=["admin"],
        request=SlotInput,
        responses={201: DeliverySlotOutput},
    )
    def post(self, request: Request) -> Response:
        """Add a slot; 409 `SLOT_OVERLAP` with one there is."""
        given = SlotInput(data=request.data)
        given.is_valid(raise_exception=True)
        said = cast("delivery_slots.SlotChanges", given.validated_data)
        slot = delivery_slots.create_slot(said=said, actor_id=request.user.pk)
        return Response(DeliverySlotOutput(slot).data, status=201)


@method_decorator(never_cache, name="dispatch")
class AdminSlotView(APIView):
    """One of them."""

    def get_permissions(self) -> list[Any]:
        """Deleting is a right of its own."""
        # While the schema is described there is no request yet.
        method = getattr(self.request, "method", None)
        does = "delete" if method == "DELETE" else "change"
        return [needs(f"commerce.{does}_deliveryslot")()]

    @extend_schema(
        operation_id="delivery_slot_change",
        tags=["admin"],
        request=SlotChangesInput,
        responses=DeliverySlotOutput,
    )
    def patch(self, request: Request, slot_id: int) -> Response:
        """Change a slot; 409 `SLOT_BOOKED` for another time or too few seats for its orders."""
        given = SlotChangesInput(data=request.data)
        given.is_valid(raise_exception=True)
        slot = delivery_slots.change_slot(
            slot_id=slot_id,
            changes=cast("delivery_slots.SlotChanges", given.validated_data),
            actor_id=request.user.pk,
        )
        return Response(DeliverySlotOutput(slot).data)

    @extend_schema(operation_id="delivery_slot_delete", tags=["admin"], responses={204: None})
    def delete(self, request: Request, slot_id: int) -> Response:
        """Delete a slot that no order has; 409 `SLOT_BOOKED` for others: switch them off."""
        delivery_slots.delete_slot(slot_id=slot_id, actor_id=request.user.pk)
        return Response(status=204)


def _slots(query: dict[str, Any]) -> list[DeliverySlot]:
    date: dt.date | None = query.get("date")
    if date is None:
        return slot_selectors.active_slots(day_of_week=query.get("day_of_week"))
    return slot_selectors.slots_on(date, day_of_week=query.get("day_of_week"))
