"""How many copies stand where, and every movement that made it so."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.enums import MovementReason
from catalog.models.books import Book
from catalog.models.branches import Branch


class Inventory(models.Model):
    """Copies of a book that a branch is free to sell; always the sum of its movements."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="inventory")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="inventory")
    quantity = models.IntegerField(_("copies"), default=0)

    class Meta:
        verbose_name = _("inventory")
        verbose_name_plural = _("inventory")
        constraints = [
            models.UniqueConstraint(
                fields=["book", "branch"], name="inventory_one_row_per_book_and_branch"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0), name="inventory_quantity_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book} – {self.branch}"


class StockMovement(models.Model):
    """One change of stock. Append-only; `reference` names the order behind it, if any."""

    inventory = models.ForeignKey(Inventory, on_delete=models.PROTECT, related_name="movements")
    delta = models.IntegerField(_("change"))
    reason = models.CharField(_("reason"), max_length=20, choices=MovementReason)
    reference = models.CharField(_("reference"), max_length=64, blank=True)
    actor_id = models.UUIDField(_("actor"), null=True)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        constraints = [
            models.CheckConstraint(condition=~Q(delta=0), name="stock_movement_delta_not_zero"),
            models.UniqueConstraint(
                fields=["inventory", "reason", "reference"],
                condition=~Q(reference=""),
                name="stock_movement_once_per_reference",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at"], name="stock_movement_created_idx"),
            # A rare reason would be looked for through the whole ledger.
            models.Index(fields=["reason", "-created_at", "-id"], name="stock_movement_reason_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.delta:+d} {self.reason}"
