"""The demo's branches and the windows in which it delivers."""

import json
from datetime import time
from pathlib import Path

from catalog.models import Branch
from commerce.models import DeliverySlot

_FILE = Path(__file__).resolve().parent / "data/branches.json"
_MORNING = (8, 10, 12)
_WHOLE_DAY = (8, 10, 12, 16, 18, 20)
_SEATS = {8: 10, 10: 12, 12: 12, 16: 12, 18: 15, 20: 8}
_DAY = DeliverySlot.Day


def add_branches() -> None:
    """Add the branches that are not there yet, by their address in URLs."""
    for entry in json.loads(_FILE.read_text(encoding="utf-8")):
        Branch.objects.get_or_create(slug=entry["slug"], defaults=entry)


def add_delivery_slots() -> None:
    """Add two-hour windows: mornings and evenings, until two on Fridays, none on Saturdays."""
    days = [day for day in _DAY if day != _DAY.SATURDAY]
    DeliverySlot.objects.bulk_create(
        [
            DeliverySlot(
                day_of_week=day,
                starts_at=time(hour),
                ends_at=time(hour + 2),
                capacity=_SEATS[hour],
            )
            for day in days
            for hour in (_MORNING if day == _DAY.FRIDAY else _WHOLE_DAY)
        ],
        ignore_conflicts=True,
    )
