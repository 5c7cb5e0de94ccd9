"""The chain's shops and its warehouse."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BranchQuerySet(models.QuerySet["Branch"]):
    """Filters of branches."""

    def active(self) -> "BranchQuerySet":
        """Those whose stock counts."""
        return self.filter(is_active=True, deleted_at__isnull=True)


class Branch(models.Model):
    """A place that holds stock: the one warehouse that ships, or a shop where people collect."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    address = models.CharField(_("street address"), max_length=300)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    is_warehouse = models.BooleanField(_("warehouse"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    # {"mon": ["09:00", "19:00"], …, "sat": null}
    opening_hours = models.JSONField(_("opening hours"), default=dict, blank=True)
    deleted_at = models.DateTimeField(_("closed for good"), null=True, blank=True, editable=False)

    objects = BranchQuerySet.as_manager()

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        constraints = [
            models.UniqueConstraint(
                fields=["is_warehouse"],
                condition=Q(is_warehouse=True, deleted_at__isnull=True),
                name="branch_one_warehouse",
            )
        ]

    def __str__(self) -> str:
        return self.name
