"""Houses that publish books."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Publisher(models.Model):
    """A publishing house or imprint."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(max_length=120, db_index=False)

    class Meta:
        verbose_name = _("publisher")
        verbose_name_plural = _("publishers")

    def __str__(self) -> str:
        return self.name
