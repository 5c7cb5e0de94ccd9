"""Genres: a tree."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from tree_queries.query import TreeQuerySet


class GenreQuerySet(TreeQuerySet, models.QuerySet["Genre"]):
    """Filters of genres, and the library's `with_tree_fields`, `ancestors` and `descendants`.

    These walk the tree from the top, withdrawn genres included, whatever is asked for: right for
    lists of all of it, too much for the reads of every page (`selectors.genres` walks from what
    it looks for).
    """

    def active(self) -> Self:
        """Leave out what was withdrawn."""
        return self.filter(deleted_at__isnull=True)

    def in_order(self) -> Self:
        """Each genre below the one it is part of, siblings in their order, with `tree_depth`."""
        return self.with_tree_fields().order_siblings_by("position", "name", "id")


class Genre(models.Model):
    """A subject. A genre's page shows its own books and those of every genre below it."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address"), max_length=100, unique=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    deleted_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)

    objects = GenreQuerySet.as_manager()

    class Meta:
        verbose_name = _("genre")
        verbose_name_plural = _("genres")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="genre_not_own_parent"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the genre's page."""
        return reverse("catalog:genre", args=[self.slug])
