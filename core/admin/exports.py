"""Lists of the desk as files: exactly what is shown, all pages of it."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from core import tables
from core.admin import chosen, dialogs, list_cells
from core.errors import DomainError, Invalid
from core.http.pages import form_status
from core.http.saved_views import lasting
from core.services import audit

BATCH = 500
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# The order says nothing of what was taken along; for the search see `_filters`.
_NOT_FILTERS = {"o", "q"}


class Exportable:
    """Mixin for a list: "Export" above it leads to its rows as CSV or as an Excel workbook.

    `exported_as` names columns that show a number in words, and the field that holds it.
    `personal_columns` names those that are left out for whoever lacks a capability.
    """

    exported_as: ClassVar[dict[str, str]] = {}
    personal_columns: ClassVar[dict[str, str]] = {}

    def get_urls(self) -> list[Any]:
        """One more page."""
        view = self.admin_site.admin_view(self.export_view)  # type: ignore[attr-defined]
        own = path("export/", view, name=self._url_name("export").removeprefix("admin:"))  # type: ignore[attr-defined]
        return [own, *super().get_urls()]  # type: ignore[misc]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list with its button."""
        response = super().changelist_view(request, extra_context)  # type: ignore[misc]
        if isinstance(response, TemplateResponse) and response.context_data:
            button = {
                "title": _("Export"),
                "icon": "download",
                "variant": ActionVariant.DEFAULT,
                "attrs": {},
                "path": f"{self._export_url()}?{lasting(request.GET)}",
            }
            offered = response.context_data.get("actions_list") or []
            response.context_data["actions_list"] = [*offered, button]
        return response

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Say what the file will hold; then send it."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        rows = self._shown(request)
        columns, left_out = self._columns(request)
        if request.method != "POST":
            return self._page(request, columns, left_out, rows)
        try:
            return self._file(request, columns, rows)
        except DomainError as refusal:
            page = self._page(request, columns, left_out, rows, refusal)
            page.status_code = form_status(refusal)
            return page

    def _shown(self, request: HttpRequest) -> QuerySet:
        """Return the rows of the list, as its address filters, searches and orders them."""
        request.GET = QueryDict(lasting(request.GET))
        return chosen.rows_of_list(request, self)  # type: ignore[arg-type]

    def _columns(self, request: HttpRequest) -> tuple[list[str], list[str]]:
        shown = [str(name) for name in self.get_list_display(request)]  # type: ignore[attr-defined]
        left_out = [
            name
            for name, capability in self.personal_columns.items()
            if name in shown and not request.user.has_perm(capability)
        ]
        return [name for name in shown if name not in left_out], left_out

    def _page(
        self,
        request: HttpRequest,
        columns: Sequence[str],
        left_out: Sequence[str],
        rows: QuerySet,
        refusal: DomainError | None = None,
    ) -> TemplateResponse:
        opts = self.opts  # type: ignore[attr-defined]
        paginator = self.get_paginator(request, rows, 1)  # type: ignore[attr-defined]
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("Export: %s") % opts.verbose_name_plural,
            # The way here: the app, the list, this page.
            "model_admin": self,
            "content_title": _("Export"),
            "number": paginator.count,
            "is_capped": paginator.is_capped,
            "columns": list_cells.header_of(self, columns),
            "left_out": list_cells.header_of(self, left_out),
            "list_url": f"{reverse(self._url_name('changelist'))}?{request.GET.urlencode()}",  # type: ignore[attr-defined]
            "most_in_workbook": tables.MOST_TO_WAIT_FOR,
            "refusal": refusal and dialogs.sentence_of(refusal),
            **self.export_context(request),
        }
        return TemplateResponse(request, "admin/export.html", context)

    def export_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what else the page shows."""
        return {}

    def _file(self, request: HttpRequest, columns: list[str], rows: QuerySet) -> HttpResponseBase:
        kind = request.POST.get("kind", "")
        if kind not in tables.FORMATS:
            raise Invalid(fields={"kind": [_("Choose CSV or Excel.")]})
        opts = self.opts  # type: ignore[attr-defined]
        with transaction.atomic():
            ids = list(rows.values_list("pk", flat=True))
            tables.refuse_to_wait(kind, len(ids))
            audit.record_change(
                action="export.created",
                entity_type="export",
                entity_id=opts.label_lower,
                actor_id=request.user.pk,
                new={"kind": kind, "rows": len(ids), "columns": columns},
                context=_filters(request),
            )
        content = self._chunks(kind, columns, rows, ids)
        return download(content, f"{slugify(opts.model_name)}-list", kind, _TYPES[kind])

    def _chunks(
        self, kind: str, columns: list[str], rows: QuerySet, ids: Iterable[Any]
    ) -> Iterator[bytes]:
        """Yield the file; each batch is a statement for itself, so that none waits for a reader."""
        sink = tables.Sink()
        with tables.FORMATS[kind](sink, list_cells.header_of(self, columns)) as put:
            for batch in itertools.batched(ids, BATCH):
                found = {row.pk: row for row in rows.order_by().filter(pk__in=batch)}
                there = (found[pk] for pk in batch if pk in found)
                put(list_cells.row_of(self, columns, row) for row in there)
                yield sink.take()
        yield sink.take()

    def _export_url(self) -> str:
        return reverse(self._url_name("export"))  # type: ignore[attr-defined]


def download(
    content: Iterable[bytes], name: str, suffix: str, content_type: str
) -> StreamingHttpResponse:
    """Return an answer that browsers save as a file, named by the day, and show nowhere."""
    filename = f"{name}-{timezone.localdate().isoformat()}.{suffix}"
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=filename)
    }
    return StreamingHttpResponse(content, content_type=content_type, headers=headers)


def _filters(request: HttpRequest) -> dict[str, Any]:
    """Return the list's filters; of a search only that there was one: it may name somebody."""
    asked = {name: values for name, values in request.GET.lists() if name not in _NOT_FILTERS}
    return {"filters": asked, "is_searched": bool(request.GET.get("q"))}
