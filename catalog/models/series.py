"""Series of books."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Series(models.Model):
    """Books that belong together in an order."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(max_length=120, db_index=False)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self) -> str:
        return self.name
