"""The whole catalogue as a file, from the desk."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from catalog.forms.exports import CatalogueExportForm
from catalog.services.exports import files, requests
from core.admin import BooleanWidget, Exportable, SelectWidget, TextWidget, download
from core.errors import DomainError
from core.http.pages import form_status

_SUFFIXES = {"onix": "xml"}


class CatalogueExport(Exportable):
    """Mixin for the list of books: its export leads on to the catalogue's."""

    def get_urls(self) -> list[Any]:
        """The page of the whole catalogue, before the pages of rows."""
        view = self.admin_site.admin_view(self.catalogue_view)  # type: ignore[attr-defined]
        own = path("export/catalogue/", view, name="catalog_catalogue_export")
        return [own, *super().get_urls()]

    def export_context(self, request: HttpRequest) -> dict[str, Any]:
        """Where the whole catalogue is to be had."""
        return {"catalogue_url": reverse("admin:catalog_catalogue_export")}

    def catalogue_view(self, request: HttpRequest) -> HttpResponseBase:
        """Ask for format and books; send the file."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        form = _DeskForm(request.POST if request.method == "POST" else None)
        status = 422 if form.is_bound else 200
        if form.is_valid():
            try:
                return self._catalogue(request, form)
            except DomainError as refusal:
                form.add_error(None, refusal.message)
                status = form_status(refusal)
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("Export the catalogue"),
            "model_admin": self,
            "content_title": _("Export the catalogue"),
            "form": form,
            "list_url": reverse("admin:catalog_book_changelist"),
        }
        return TemplateResponse(request, "admin/catalogue_export.html", context, status=status)

    def _catalogue(self, request: HttpRequest, form: CatalogueExportForm) -> HttpResponseBase:
        kind = form.cleaned_data["kind"]
        content = requests.export_catalogue(
            selection=form.selection, file_format=kind, actor_id=request.user.pk
        )
        return download(content, "catalogue", _SUFFIXES.get(kind, kind), files.CONTENT_TYPES[kind])


class _DayWidget(TextWidget):
    """The browser's own calendar."""

    input_type = "date"


class _DeskForm(CatalogueExportForm):
    """The form with the desk's widgets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.widget = SelectWidget(choices=field.choices)
            elif isinstance(field, forms.BooleanField):
                field.widget = BooleanWidget()
            else:
                field.widget = _DayWidget()
