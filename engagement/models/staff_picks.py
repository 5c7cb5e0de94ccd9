"""A bookseller's recommendation."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Book, Branch


class StaffPick(models.Model):
    """A book that somebody of the staff recommends, in their own words."""

    book = models.ForeignKey(
        Book, on_delete=models.CASCADE, related_name="staff_picks", verbose_name=_("book")
    )
    bookseller = models.CharField(_("bookseller"), max_length=60)
    note = models.CharField(_("note"), max_length=280)
    branch = models.ForeignKey(
        Branch,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="staff_picks",
        verbose_name=_("branch"),
    )
    picked_on = models.DateField(_("picked on"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("shown"), default=True)

    class Meta:
        verbose_name = _("staff pick")
        verbose_name_plural = _("staff picks")
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="staff_pick_note_not_empty"),
            models.UniqueConstraint(
                fields=["book", "bookseller"], name="staff_pick_once_per_bookseller"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bookseller}: {self.book}"
