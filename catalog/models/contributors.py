"""People who make books."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Contributor(models.Model):
    """An author, translator, illustrator …; `sort_name` is folded for ordering (surname first)."""

    name = models.CharField(_("name"), max_length=200)
    sort_name = models.CharField(_("sorts as"), max_length=200, db_index=True)
    slug = models.SlugField(max_length=120, db_index=False)
    biography = models.TextField(_("biography"), blank=True)

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        constraints = [models.UniqueConstraint(fields=["name"], name="contributor_name_unique")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the author's page."""
        return reverse("catalog:author", args=[self.slug, self.pk])
