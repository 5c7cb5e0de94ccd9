"""Files of books on their way into the catalogue."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.enums import ImportFormat, ImportState
from catalog.models.books import Book
from core.ids import uuid7


class ImportRun(models.Model):
    """One file: checked first, then applied in batches, each with its place in the file.

    `rows_done` is committed with the batch it counts, so a run that was killed goes on after it.
    `counts` and `preview` are what `services.imports.report.Report` says of the current pass.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    filename = models.CharField(_("file"), max_length=255)
    # The name in private storage, empty for a file that the command line read in place.
    stored_as = models.CharField(max_length=200, blank=True, editable=False)
    format = models.CharField(_("format"), max_length=5, choices=ImportFormat)
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveBigIntegerField(_("size"))
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState, default=ImportState.UPLOADED
    )
    fills_gaps_only = models.BooleanField(
        _("fill gaps only"),
        default=False,
        help_text=_("Keep every fact that a book has; add only what is missing."),
    )
    rows_done = models.PositiveBigIntegerField(_("rows read"), default=0)
    bytes_done = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(_("counts"), default=dict)
    preview = models.JSONField(_("preview"), default=list)
    error = models.CharField(_("error"), max_length=500, blank=True)
    actor_id = models.UUIDField(_("started by"), null=True)
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    # Raised with each batch: tells a run under way from one whose worker died.
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [models.Index(fields=["sha256", "-id"], name="import_run_file_idx")]

    def __str__(self) -> str:
        return self.filename


class ImportRejection(models.Model):
    """A row of a file that could not be taken, and why."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rejections")
    row = models.PositiveBigIntegerField(_("row"))
    isbn = models.CharField(_("ISBN as written"), max_length=40, blank=True)
    code = models.CharField(_("code"), max_length=40)
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")
        constraints = [models.UniqueConstraint(fields=["run", "row"], name="import_row_once")]

    def __str__(self) -> str:
        return f"row {self.row}: {self.code}"


class FeedRecord(models.Model):
    """A publisher's name for a product (ONIX RecordReference), which a deletion may use alone."""

    reference = models.CharField(max_length=100, unique=True)
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="feed_records")

    class Meta:
        verbose_name = _("feed record")
        verbose_name_plural = _("feed records")

    def __str__(self) -> str:
        return self.reference
