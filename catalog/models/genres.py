"""Genres: a tree."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.models import QuerySet as TreeQuerySet  # the library's own has no types
else:
    from tree_queries.query import TreeQuerySet


class GenreQuerySet(TreeQuerySet["Genre"]):
    """Filters of genres, and the library's `with_tree_fields`, `ancestors` and `descendants`.

    These walk the tree from the top, withdrawn genres included, whatever is asked for: right for
    lists of all of it, too much for the reads of every page (`selectors.genres` walks from what
    it looks for).
    """

    def active(self) -> "GenreQuerySet":
        """Leave out what was withdrawn."""
        return self.filter(deleted_at__isnull=True)

    def in_order(self) -> "GenreQuerySet":
        """Each genre below the one it is part of, siblings in their order, with `tree_depth`."""
        tree = self.with_tree_fields()  # type: ignore[attr-defined]
        return tree.order_siblings_by("position", "name", "id")


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

    objects = models.Manager.from_queryset(GenreQuerySet)()

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
