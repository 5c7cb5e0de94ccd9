"""Which genre a feed's subject code means."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.enums import SubjectScheme
from catalog.models.genres import Genre


class GenreCode(models.Model):
    """A code of a subject scheme and the genre it leads to; the longest matching prefix wins.

    "FB" stands for FBA and FBC too, unless one of these has a row of its own.
    """

    scheme = models.CharField(
        _("scheme"), max_length=10, choices=SubjectScheme, default=SubjectScheme.THEMA
    )
    code = models.CharField(_("code"), max_length=20)
    genre = models.ForeignKey(
        Genre, on_delete=models.CASCADE, related_name="codes", verbose_name=_("genre")
    )

    class Meta:
        verbose_name = _("subject code")
        verbose_name_plural = _("subject codes")
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="genre_code_once")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}"
