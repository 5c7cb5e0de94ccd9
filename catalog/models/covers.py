"""Pictures of covers. A book without one has a drawn cover."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.enums import CoverState
from catalog.models.books import Book
from core.ids import uuid7


class Cover(models.Model):
    """A picture, re-encoded by us, under a random name; `book` is null until it is put on one.

    `key` begins the names of its files in the media storage. A book shows its cover once READY.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    book = models.OneToOneField(
        Book, on_delete=models.SET_NULL, null=True, blank=True, related_name="cover"
    )
    key = models.UUIDField(unique=True, default=uuid7, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=CoverState, default=CoverState.PROCESSING
    )
    # Where it is fetched from, for those that come by address.
    source_url = models.URLField(max_length=500, blank=True)
    # Why it was refused: a code of `catalog.errors`.
    refusal = models.CharField(_("refused because"), max_length=40, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    actor_id = models.UUIDField(_("by"), null=True)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("cover")
        verbose_name_plural = _("covers")
        indexes = [models.Index(fields=["created_at"], name="cover_created_idx")]

    def __str__(self) -> str:
        return f"cover of {self.book_id}"
