"""Prices with dates, and whole edits of prices that can be taken back."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.books import Book
from core.ids import uuid7


class DatedPrice(models.Model):
    """A price that a publisher announced for a time; a daily job puts it on the book."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="dated_prices")
    amount = models.DecimalField(_("price"), max_digits=10, decimal_places=2)
    from_on = models.DateField(_("from"), null=True, blank=True)
    # The last day it holds.
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("dated price")
        verbose_name_plural = _("dated prices")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="dated_price_not_negative"),
            models.CheckConstraint(
                condition=Q(from_on__isnull=True)
                | Q(until_on__isnull=True)
                | Q(until_on__gte=F("from_on")),
                name="dated_price_days_in_order",
            ),
            models.UniqueConstraint(
                fields=["book", "from_on"], nulls_distinct=False, name="dated_price_once_per_start"
            ),
        ]
        indexes = [
            models.Index(fields=["from_on"], name="dated_price_from_idx"),
            models.Index(fields=["until_on"], name="dated_price_until_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} from {self.from_on}"


class PriceEdit(models.Model):
    """One change of many prices at once, by a rule ("+5 %"); it can be undone as a whole."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # {"kind": "percent" | "amount" | "exact", "value": "5.00", "rounding": "0.10", …}
    rule = models.JSONField(_("rule"), default=dict)
    actor_id = models.UUIDField(_("by"), null=True)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("price edit")
        verbose_name_plural = _("price edits")

    def __str__(self) -> str:
        return f"price edit {self.pk}"


class PriceChange(models.Model):
    """A book's price before and after a price edit."""

    edit = models.ForeignKey(PriceEdit, on_delete=models.CASCADE, related_name="changes")
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="price_changes")
    old_price = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    new_price = models.DecimalField(max_digits=10, decimal_places=2, null=True)

    class Meta:
        verbose_name = _("price change")
        verbose_name_plural = _("price changes")
        constraints = [
            models.UniqueConstraint(fields=["edit", "book"], name="price_change_once_per_edit")
        ]

    def __str__(self) -> str:
        return f"{self.book_id}: {self.old_price} → {self.new_price}"
