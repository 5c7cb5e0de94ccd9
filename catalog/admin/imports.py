"""Imports on the staff desk: hand in a file, look at what it would change, apply it, watch."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from catalog.admin import import_states
from catalog.enums import ImportState
from catalog.forms.imports import ImportForm
from catalog.models import ImportRun
from catalog.selectors import imports as import_rows
from catalog.services.imports import report, uploads
from core.admin import (
    BooleanWidget,
    ChoicesDropdownFilter,
    ModelAdmin,
    ReadOnly,
    actor_name,
    dialog_action,
    display,
    download,
    with_actor_name,
)
from core.admin.paging import CappedPaginator
from core.errors import DomainError
from core.http.pages import form_status
from core.http.uploads import takes_files

PER_PAGE = 100
_COLOURS = {
    ImportState.CHECKED: "info",
    ImportState.DONE: "success",
    ImportState.FAILED: "danger",
    ImportState.CHECKING: "warning",
    ImportState.APPLYING: "warning",
}


class UploadForm(ImportForm):
    """The form with the desk's widgets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget = UnfoldAdminFileFieldWidget()
        self.fields["fills_gaps_only"].widget = BooleanWidget()


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnly, ModelAdmin):
    """Every import, newest first; on each one's page what it would change, or has changed."""

    list_display = (
        "filename",
        "state_shown",
        "format",
        "rows_done",
        "rejected",
        "created_at",
        "by",
    )
    list_filter = (("state", ChoicesDropdownFilter), ("format", ChoicesDropdownFilter))
    search_fields = ("filename",)
    search_help_text = _("Name of the file")
    ordering = ("-pk",)
    fields = (("format", "size_shown", "encoding"), ("created_at", "by", "fills_gaps_only"))
    actions_detail = ("apply", "go_on", "cancel")
    in_palette = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("catalog.add_importrun")

    def has_steer_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Whether the role may apply, stop and go on with imports."""
        return request.user.has_perm("catalog.change_importrun")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return with_actor_name(super().get_queryset(request))

    def get_urls(self) -> list[Any]:
        """What a page of an import fetches and leads to."""
        own = [
            ("progress/", self.progress_view, "progress"),
            ("rejections/", self.rejections_view, "rejections"),
            ("rejections.csv", self.rejections_csv_view, "rejections_csv"),
        ]
        views = [
            path(
                f"<uuid:run_id>/{page}",
                self.admin_site.admin_view(view),
                name=f"catalog_importrun_{name}",
            )
            for page, view, name in own
        ]
        return [*views, *super().get_urls()]

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer the steps that follow from where the import stands."""
        run = self.get_object(request, object_id)
        steps = import_states.steps_of(run) if run is not None else set()
        offered = super().get_actions_detail(request, object_id)
        return [each for each in offered if each.action_name.rpartition("_importrun_")[2] in steps]

    @method_decorator(takes_files(settings.IMPORT_MOST_BYTES, uploads.too_large))
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for a file and keep it; outside a transaction, for the file may go far."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        is_sent = request.method == "POST"
        form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
        status = 200
        if is_sent:
            status = 422
            if form.is_valid():
                try:
                    run = self._upload(form, request)
                except DomainError as refusal:
                    form.add_error("file", refusal.message)
                    status = form_status(refusal)
                else:
                    messages.success(request, _("The file is here. It is being checked now."))
                    return _to_page(run.pk)
        return self._page(
            request, "import_upload", {"title": _("New import"), "form": form}, status
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show where an import stands and what it found."""
        run = self.get_object(request, object_id)
        context = import_states.state_of(run) if run is not None else {}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    def progress_view(self, request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
        """The part of the page that tells how far it is; at the end the page is loaded anew."""
        run = self._run(request, run_id)
        response = TemplateResponse(
            request, "admin/import_progress.html", import_states.state_of(run)
        )
        if not import_states.is_under_way(run):
            response["HX-Refresh"] = "true"
        return response

    def rejections_view(self, request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
        """The rejected rows, by reason."""
        run = self._run(request, run_id)
        code = request.GET.get("code", "")[:40]
        pages = CappedPaginator(import_rows.rejections_of(run.pk, code=code), PER_PAGE)
        context = {
            "title": _("Rejected rows of %s") % run.filename,
            "run": run,
            "code": code,
            "codes": import_states.reasons_of(run),
            "page": pages.get_page(request.GET.get("page")),
        }
        return self._page(request, "import_rejections", context)

    def rejections_csv_view(self, request: HttpRequest, run_id: uuid.UUID) -> HttpResponseBase:
        """The rejected rows as a file."""
        run = self._run(request, run_id)
        rows = import_rows.rejections_of(run.pk, code=request.GET.get("code", ""))
        return download(report.rejections_as_csv(rows), "rejected-rows", "csv", "text/csv")

    @dialog_action(
        title=_("Apply"),
        question=_("The books in this file are brought in, as the preview shows."),
        permission="steer",
        icon="playlist_add_check",
        primary=True,
    )
    def apply(self, request: HttpRequest, form: forms.Form, object_id: str) -> str:
        """Bring in the books of a checked file."""
        uploads.apply(run_id=uuid.UUID(str(object_id)), actor_id=request.user.pk)
        return gettext("The import has begun.")

    @dialog_action(
        title=_("Go on"),
        question=_("It goes on after the last row that was done."),
        permission="steer",
        icon="resume",
        primary=True,
    )
    def go_on(self, request: HttpRequest, form: forms.Form, object_id: str) -> str:
        """Go on with what an error stopped."""
        uploads.go_on(run_id=uuid.UUID(str(object_id)), actor_id=request.user.pk)
        return gettext("The import goes on.")

    @dialog_action(
        title=_("Cancel the import"),
        question=_("Books that are in already stay; the rest of the file is left."),
        permission="steer",
        icon="cancel",
        danger=True,
    )
    def cancel(self, request: HttpRequest, form: forms.Form, object_id: str) -> str:
        """Stop before the next batch."""
        uploads.cancel(run_id=uuid.UUID(str(object_id)), actor_id=request.user.pk)
        return gettext("The import is cancelled.")

    @display(description=_("state"), ordering="state", label=_COLOURS)
    def state_shown(self, run: ImportRun) -> tuple[str, str]:
        """Where it stands, in colour."""
        return run.state, str(ImportState(run.state).label)

    @admin.display(description=_("rejected"))
    def rejected(self, run: ImportRun) -> int:
        """Rows that could not be taken."""
        return run.counts.get("rejected", 0)

    @admin.display(description=_("size"), ordering="size")
    def size_shown(self, run: ImportRun) -> str:
        """The file's size as people say it."""
        return filesizeformat(run.size)

    @admin.display(description=_("encoding"))
    def encoding(self, run: ImportRun) -> str:
        """Of a file of text."""
        return _ENCODINGS.get(run.counts.get("encoding", ""), "")

    @admin.display(description=_("by"))
    def by(self, run: ImportRun) -> str:
        """Who handed it in or applied it."""
        return actor_name(run)

    def _upload(self, form: UploadForm, request: HttpRequest) -> ImportRun:
        file = form.cleaned_data["file"]
        return uploads.upload(
            file=file,
            filename=file.name,
            fills_gaps_only=form.cleaned_data["fills_gaps_only"],
            actor_id=request.user.pk,
        )

    def _run(self, request: HttpRequest, run_id: uuid.UUID) -> ImportRun:
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = self.get_object(request, str(run_id))
        if run is None:
            raise Http404
        return run

    def _page(
        self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
    ) -> TemplateResponse:
        around = self.admin_site.each_context(request) | {"opts": self.opts}
        return TemplateResponse(request, f"admin/{template}.html", around | context, status=status)


_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}


def _to_page(run_id: uuid.UUID) -> HttpResponse:
    page = reverse("admin:catalog_importrun_change", args=[run_id])
    return HttpResponseRedirect(page, status=303)
