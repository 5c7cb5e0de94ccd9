"""What the catalogue's fields and rows are called where only their ids were written down."""

from collections.abc import Collection, Mapping

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from catalog.models import Book, Branch, Contributor, Genre, Publisher, Series, Work
from core.audit_names import Lookup, name_field

_FIELDS = [
    ("book_id", _("Book"), Book, "title"),
    ("branch_id", _("Branch"), Branch, "name"),
    ("credits", _("Contributors"), Contributor, "name"),
    ("genre_id", _("Genre"), Genre, "name"),
    ("genres", _("Genres"), Genre, "name"),
    ("parent", _("Part of"), Genre, "name"),
    ("publisher_id", _("Publisher"), Publisher, "name"),
    ("series_id", _("Series"), Series, "name"),
    ("work_id", _("Work"), Work, "title"),
]
_WORDS = [
    ("isbn13", _("ISBN-13")),
    ("published_precision", _("Date known to the")),
    ("is_preorder_allowed", _("May be pre-ordered")),
    ("on_sale_on", _("Not sold before")),
    ("withdrawn", _("Withdrawn")),
]


def declare() -> None:
    """Tell the audit trail (called once, when the app is ready)."""
    for field, label, model, column in _FIELDS:
        name_field(field, label, _lookup(model, column))
    for field, label in _WORDS:
        name_field(field, label)


def _lookup(model: type[Model], column: str) -> Lookup:
    def names(ids: Collection[int]) -> Mapping[int, str]:
        rows = model._default_manager.filter(pk__in=ids)
        return dict(rows.values_list("pk", column))

    return names
