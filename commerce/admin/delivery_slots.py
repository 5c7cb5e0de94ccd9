"""Delivery slots on the staff desk: the week's windows, and how full they are."""

import datetime as dt
from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from commerce.forms.delivery_slots import DeliverySlotForm
from commerce.models import DeliverySlot
from commerce.selectors import delivery_slots as slot_selectors
from commerce.services import delivery_slots
from core.admin import BooleanRadioFilter, ChoicesDropdownFilter, ModelAdmin


@admin.register(DeliverySlot)
class DeliverySlotAdmin(ModelAdmin):
    """The weekly windows. One with orders cannot be deleted, only switched off."""

    form = DeliverySlotForm
    list_display = ("__str__", "capacity", "booked", "is_active")
    list_filter = (("day_of_week", ChoicesDropdownFilter), ("is_active", BooleanRadioFilter))
    ordering = ("day_of_week", "starts_at")
    fields = ("day_of_week", ("starts_at", "ends_at"), ("capacity", "is_active"))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return slot_selectors.with_coming_days(super().get_queryset(request))

    def save_with(self, *, actor: Any, form: Any, formsets: list[Any], change: bool) -> Any:
        said = cast("delivery_slots.SlotChanges", form.cleaned_data)
        if change:
            return delivery_slots.change_slot(
                slot_id=form.instance.pk, changes=said, actor_id=actor.pk
            )
        return delivery_slots.create_slot(said=said, actor_id=actor.pk)

    def delete_with(self, *, actor: Any, obj: Any) -> None:
        delivery_slots.delete_slot(slot_id=obj.pk, actor_id=actor.pk)

    @admin.display(description=_("booked"))
    def booked(self, slot: Any) -> str:
        """Each coming day that somebody chose: its date, and the orders of as many as fit."""
        return " · ".join(
            f"{date_format(dt.date.fromisoformat(day['date']), 'j M')}: "
            f"{day['taken']}/{slot.capacity}"
            for day in slot.coming
        )
