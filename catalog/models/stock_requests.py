"""What branches ask for: copies that a manager has to approve."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.enums import StockRequestStatus, StockRequestType
from catalog.models.books import Book
from catalog.models.branches import Branch


class StockRequest(models.Model):
    """An employee's wish for a branch's stock. Reviewed once; approval moves the stock."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="stock_requests")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="stock_requests")
    type = models.CharField(_("what"), max_length=12, choices=StockRequestType)
    quantity = models.PositiveIntegerField(_("copies"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=StockRequestStatus,
        default=StockRequestStatus.PENDING,
    )
    requested_by_id = models.UUIDField(_("asked by"), null=True)
    reviewed_by_id = models.UUIDField(_("reviewed by"), null=True, blank=True)
    note = models.CharField(_("reviewer's note"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)

    class Meta:
        verbose_name = _("stock request")
        verbose_name_plural = _("stock requests")
        constraints = [
            models.CheckConstraint(
                condition=Q(type="SET_QUANTITY") | Q(quantity__gte=1),
                name="stock_request_adds_something",
            ),
            models.CheckConstraint(
                condition=Q(status="PENDING", reviewed_at__isnull=True)
                | (~Q(status="PENDING") & Q(reviewed_at__isnull=False)),
                name="stock_request_reviewed_has_time",
            ),
            models.UniqueConstraint(
                fields=["requested_by_id", "book", "branch", "type", "quantity"],
                condition=Q(status="PENDING"),
                name="stock_request_once_while_waiting",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-id"], condition=Q(status="PENDING"), name="stock_request_waiting_idx"
            ),
            models.Index(fields=["branch", "-id"], name="stock_request_branch_idx"),
            models.Index(fields=["requested_by_id", "-id"], name="stock_request_asker_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}: {self.quantity}"
