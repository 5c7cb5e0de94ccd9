"""Delivery slots on the staff desk: plain reference data that managers edit."""

from django.contrib import admin

from commerce.forms.delivery_slots import DeliverySlotForm
from commerce.models import DeliverySlot
from core.admin import BooleanRadioFilter, ChoicesDropdownFilter, ModelAdmin


@admin.register(DeliverySlot)
class DeliverySlotAdmin(ModelAdmin):
    """The weekly windows. One with orders cannot be deleted, only switched off."""

    form = DeliverySlotForm
    list_display = ("__str__", "capacity", "is_active")
    list_filter = (("day_of_week", ChoicesDropdownFilter), ("is_active", BooleanRadioFilter))
    ordering = ("day_of_week", "starts_at")
    fields = ("day_of_week", ("starts_at", "ends_at"), ("capacity", "is_active"))
