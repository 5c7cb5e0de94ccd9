"""Two-hour windows in which orders are delivered or made ready."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DeliverySlot(models.Model):
    """A weekly window with room for `capacity` orders; `day_of_week` 0 is Monday."""

    class Day(models.IntegerChoices):
        """Days as ISO orders them, from 0."""

        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    day_of_week = models.PositiveSmallIntegerField(_("day"), choices=Day)
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("to"))
    capacity = models.PositiveSmallIntegerField(_("orders"))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("delivery slot")
        verbose_name_plural = _("delivery slots")
        constraints = [
            models.UniqueConstraint(fields=["day_of_week", "starts_at"], name="delivery_slot_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="delivery_slot_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(day_of_week__lte=6), name="delivery_slot_day_of_week"
            ),
            models.CheckConstraint(
                condition=Q(starts_at__gte="06:00", ends_at__lte="22:00"),
                name="delivery_slot_in_opening_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_day_of_week_display()} {self.starts_at:%H:%M}–{self.ends_at:%H:%M}"


class DeliverySlotDay(models.Model):
    """A slot on one date and the seats taken in it."""

    slot = models.ForeignKey(DeliverySlot, on_delete=models.PROTECT, related_name="days")
    date = models.DateField()
    seats_taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("delivery slot day")
        verbose_name_plural = _("delivery slot days")
        constraints = [
            models.UniqueConstraint(fields=["slot", "date"], name="delivery_slot_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.slot_id} on {self.date}"
