"""Delivery slots on the API."""

import datetime as dt
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from commerce.models import DeliverySlot
from commerce.selectors import delivery_slots as slot_selectors
from core.http.lists import list_response, read_list
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

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


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
        fields = ["id", "day_of_week", "starts_at", "ends_at", "capacity", "remaining"]


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


def _slots(query: dict[str, Any]) -> list[DeliverySlot]:
    date: dt.date | None = query.get("date")
    if date is None:
        return slot_selectors.active_slots(day_of_week=query.get("day_of_week"))
    return slot_selectors.slots_on(date, day_of_week=query.get("day_of_week"))
