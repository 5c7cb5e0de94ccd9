"""Where an import stands, as its page tells it."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from catalog.admin.import_words import words_of
from catalog.enums import ImportState
from catalog.models import Book, ImportRun
from catalog.services.imports import report, runs, uploads


def is_under_way(run: ImportRun) -> bool:
    """Whether a job is at it, or will be."""
    return run.state in (ImportState.UPLOADED, *runs.UNDER_WAY)


def steps_of(run: ImportRun) -> set[str]:
    """Return the names of the actions that follow from where an import stands."""
    steps = {"cancel"} if run.state in uploads.CANCELLABLE else set()
    if run.stored_as and run.state == ImportState.CHECKED:
        steps.add("apply")
    if run.stored_as and run.state == ImportState.FAILED:
        steps.add("go_on")
    return steps


def state_of(run: ImportRun) -> dict[str, Any]:
    """Return what the templates ask of a run: how far it is, counts, examples, reasons."""
    total = run.counts.get("total")
    done, whole = (run.rows_done, total) if total else (run.bytes_done, run.size)
    reading = report.Report.of_counts(run.counts)
    return {
        "run": run,
        "is_under_way": is_under_way(run),
        "percent": min(100, done * 100 // max(1, whole)),
        "reading": reading,
        "is_check": run.state in {ImportState.CHECKED, ImportState.CHECKING, ImportState.UPLOADED},
        "reasons": reasons_of(run),
        "repairs": [(words_of(code), rows) for code, rows in reading.repairs.most_common()],
        "new_books": [each for each in run.preview if each["is_new"]],
        "changed_books": [_labelled(each) for each in run.preview if not each["is_new"]],
    }


def reasons_of(run: ImportRun) -> list[tuple[str, str, int]]:
    """Return why rows were rejected, the commonest first: code, words, number of rows."""
    reasons = report.Report.of_counts(run.counts).reasons
    return [(code, words_of(code), rows) for code, rows in reasons.most_common()]


def _labelled(example: dict[str, Any]) -> dict[str, Any]:
    """Return an example with the names that people have for its fields."""
    changes = [each | {"label": _label_of(each["field"])} for each in example["changes"]]
    return example | {"changes": changes}


def _label_of(name: str) -> str:
    if name == "credits":
        return _("contributors")
    try:
        return str(Book._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name
