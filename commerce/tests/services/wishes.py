"""What shoppers wish for at the checkout, and where that leaves the shelf."""

import dataclasses
import datetime as dt

from django.utils import timezone

from catalog.models import Inventory
from commerce.tests.factories import DELIVERY, DeliverySlotFactory


def quantity_of(book, branch):
    return Inventory.objects.get(book=book, branch=branch).quantity


def request_with(**changes):
    return dataclasses.replace(DELIVERY, **changes)


def offered_slot(capacity=5):
    """A slot that can be chosen, whatever the time is now."""
    date = timezone.localdate() + dt.timedelta(days=2)
    return DeliverySlotFactory(day_of_week=date.weekday(), capacity=capacity), date
