"""Which employee works where."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.branches import Branch


class BranchStaff(models.Model):
    """An employee's tie to a branch. Those with ties see their branches; those without, all."""

    branch = models.ForeignKey(
        Branch, on_delete=models.CASCADE, related_name="staff", verbose_name=_("branch")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="branch_ties",
        verbose_name=_("employee"),
    )

    class Meta:
        verbose_name = _("branch employee")
        verbose_name_plural = _("branch staff")
        constraints = [models.UniqueConstraint(fields=["user", "branch"], name="branch_staff_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.branch_id}"
