"""What a list of the desk shows, as cells of a table: texts, numbers and dates, no markup."""

import datetime as dt
import html
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import DecimalField, ForeignKey, Model
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.tables import Cell


def header_of(admin: Any, columns: Sequence[str]) -> list[str]:
    """Return what the list calls these columns; money says its currency."""
    return [_label(admin, name) for name in columns]


def row_of(admin: Any, columns: Sequence[str], row: Model) -> list[Cell]:
    """Return what the list shows of a row; amounts are numbers that can be added up."""
    return [_cell(admin, name, row) for name in columns]


def _label(admin: Any, name: str) -> str:
    label = capfirst(str(label_for_field(name, admin.model, admin)))
    column = admin.exported_as.get(name)
    is_money = column and isinstance(admin.model._meta.get_field(column), DecimalField)
    return f"{label} ({settings.STORE_CURRENCY})" if is_money else label


def _cell(admin: Any, name: str, row: Model) -> Cell:
    if name in admin.exported_as:
        return getattr(row, admin.exported_as[name])
    try:
        field, _attribute, value = lookup_field(name, row, admin)
    except ObjectDoesNotExist:
        return None
    if isinstance(field, ForeignKey):
        value = getattr(row, field.name)
    elif field is not None and getattr(field, "flatchoices", None):
        value = dict(field.flatchoices).get(value, value)
    return _plain(value)


def _plain(value: Any) -> Cell:
    # Labels in colours are (value, label).
    if isinstance(value, (tuple, list)):
        value = value[-1] if value else None
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or isinstance(value, (int, float, Decimal)):
        return value
    if isinstance(value, dt.datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, dt.date):
        return value
    if isinstance(value, SafeString):
        return html.unescape(strip_tags(value)).strip()
    return str(value)
