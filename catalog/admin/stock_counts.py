"""Counting many shelves at once: a sheet for ticked rows, a preview, then the stock service."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.enums import MovementReason
from catalog.forms.stock_counts import CountSheetForm
from catalog.services import stock
from core.admin import IntegerWidget, SelectWidget, chosen, confirm
from core.http.pages import see_other

# A sheet that people can still walk the shelves with; a whole branch is counted with the scanner.
MOST_SHELVES = 200


class StockCounts:
    """Mixin for the list of shelves: "Count copies…" leads on to a sheet of the rows chosen."""

    def get_urls(self) -> list[Any]:
        """The sheet's address before the list's own."""
        site = self.admin_site  # type: ignore[attr-defined]
        sheet = path("counts/", site.admin_view(self.sheet), name="catalog_inventory_counts")
        return [sheet, *super().get_urls()]  # type: ignore[misc]

    @admin.action(description=_("Count copies…"), permissions=["set_stock"])
    def count_copies(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        """Take the ticked shelves, or all of a short list, to the sheet."""
        page = reverse("admin:catalog_inventory_counts")
        return HttpResponseRedirect(f"{page}?{chosen.query_of(request, queryset)}")

    def sheet(self, request: HttpRequest) -> HttpResponse:
        """Show the sheet, then what it would change, then do it."""
        if not request.user.has_perm("catalog.change_inventory"):
            raise PermissionDenied
        shelves = chosen.rows_of(request, self)  # type: ignore[arg-type]
        if shelves is None:
            return HttpResponseRedirect(reverse("admin:catalog_inventory_changelist"))
        rows = list(shelves.select_related("book", "branch")[: MOST_SHELVES + 1])
        if len(rows) > MOST_SHELVES:
            return self._sheet(request, {"too_many": MOST_SHELVES})
        form = _form(request, rows)
        if not form.is_bound:
            return self._sheet(request, {"form": form})
        if not form.is_valid():
            return self._sheet(request, {"form": form}, 422)
        changes = form.changes()
        if "apply" not in request.POST or not confirm.is_confirmed(request, len(changes)):
            context = {"form": form, "changes": changes, "word": confirm.word_for(len(changes))}
            is_refused = "apply" in request.POST
            status = 422 if is_refused else 200
            return self._sheet(request, context | {"word_missing": is_refused}, status)
        _count(request, form)
        return see_other(f"{reverse('admin:catalog_inventory_changelist')}{_back(request)}")

    def _sheet(
        self, request: HttpRequest, context: dict[str, Any], status: int = 200
    ) -> TemplateResponse:
        site, opts = self.admin_site, self.opts  # type: ignore[attr-defined]
        around = site.each_context(request) | {
            "title": _("Count copies"),
            "opts": opts,
            "list_url": reverse("admin:catalog_inventory_changelist"),
        }
        return TemplateResponse(request, "admin/stock_count.html", around | context, status=status)


def _form(request: HttpRequest, rows: list[Any]) -> CountSheetForm:
    form = CountSheetForm(request.POST if request.method == "POST" else None, shelves=rows)
    for name, field in form.fields.items():
        if name.startswith("count-"):
            field.widget = IntegerWidget(attrs={"min": 0, "aria-label": str(field.label)})
    reasons: Any = form.fields["reason"]
    reasons.widget = SelectWidget(choices=reasons.choices)
    return form


def _count(request: HttpRequest, form: CountSheetForm) -> None:
    """Have the service count and say how it went."""
    changes = form.changes()
    outcome = stock.set_quantities(
        rows=[count for _, count in changes],
        reason=MovementReason(form.cleaned_data["reason"]),
        actor_id=request.user.pk,  # type: ignore[arg-type]
    )
    told = ngettext("%d shelf was set.", "%d shelves were set.", outcome.changed)
    messages.success(request, told % outcome.changed)
    titles = {(shelf.book_id, shelf.branch_id): str(shelf) for shelf, _ in changes}
    for each in outcome.differing:
        messages.warning(
            request,
            _("%(shelf)s was left alone: it held %(expected)d, now %(found)d. Please count again.")
            % {
                "shelf": titles[each.book_id, each.branch_id],
                "expected": each.expected,
                "found": each.found,
            },
        )


def _back(request: HttpRequest) -> str:
    query = request.GET.get(chosen.LIST, "")
    return f"?{query}" if query else ""
