"""Receiving on the staff desk: a field for the scanner, what each scan did, what came so far.

Whole without JavaScript: every scan is a form that is posted. With it, scans are sent one after
the other while the field is ready for the next (catalog/receiving.js).
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import errors
from catalog.forms.receiving import COUNT, DeliveryForm, ScanForm
from catalog.selectors import receiving as receiving_selectors
from catalog.services import receiving
from core.admin import IntegerWidget, SelectWidget, TextWidget
from core.errors import DomainError, Invalid
from core.http.pages import form_status, see_other

TEMPLATE = "admin/receiving.html"
_LONGEST_ID = 18
_BUSY = 503


class StaffDeliveryForm(DeliveryForm):
    """The start of a delivery with the desk's widgets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        for name in ("mode", "branch"):
            choices = fields[name].choices
            fields[name].widget = SelectWidget()
            fields[name].choices = choices
        fields["branch"].empty_label = None
        fields["note"].widget = TextWidget()


class StaffScanForm(ScanForm):
    """A scan with the desk's widgets; the field for the code is where the cursor always is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed = {"autofocus": True, "autocomplete": "off", "inputmode": "numeric"}
        self.fields["code"].widget = TextWidget(attrs=typed)
        self.fields["copies"].widget = IntegerWidget(attrs={"min": 0, "inputmode": "numeric"})


def urls(site: admin.AdminSite) -> list[Any]:
    """Return the page's address, for the inventory's."""
    return [path("receiving/", site.admin_view(page), name="catalog_receiving")]


def page(request: HttpRequest) -> HttpResponse:
    """Ask where and with which note; then take scans and their undoing."""
    if not request.user.has_perm("catalog.add_stockmovement"):
        raise PermissionDenied
    branches = receiving_selectors.branches_for(request.user)
    delivery = StaffDeliveryForm(request.GET or None, branches=branches)
    if not delivery.is_valid():
        has_branches = branches.exists()
        context = {"delivery": delivery, "has_branches": has_branches}
        refused = 422 if has_branches else 409
        return _answer(request, context, refused if request.method == "POST" else 200)
    if request.method == "POST":
        return _act(request, delivery.cleaned_data)
    return _answer(request, _scanning(delivery.cleaned_data))


def _act(request: HttpRequest, where: dict[str, Any]) -> HttpResponse:
    try:
        sentence = _take_back(request) if "undo" in request.POST else _scan(request, where)
    except DomainError as refusal:
        context = _scanning(where, request.POST) | {"refusal": _refusal(request, refusal)}
        status = form_status(refusal)
        # To the script a refusal is an answer like any other; only "try again" is not.
        shown = _sent_by_script(request) and status < _BUSY
        return _answer(request, context, 200 if shown else status)
    if _sent_by_script(request):
        return _answer(request, _scanning(where) | {"sentence": sentence})
    messages.success(request, sentence)
    return see_other(request.get_full_path())


def _scan(request: HttpRequest, where: dict[str, Any]) -> str:
    """Do what one scan asks for and say what it did; raise `Invalid` for nonsense."""
    form = ScanForm(request.POST)
    if not form.is_valid():
        raise Invalid(fields={name: list(told) for name, told in form.errors.items()})
    said = form.cleaned_data
    book = receiving_selectors.book_of_code(said["code"])
    at = {"user": request.user, "branch_id": where["branch"].pk, "book_id": book.pk}
    if where["mode"] == COUNT:
        shelf = receiving.count_shelf(copies=said["copies"], **at)
        return ngettext(
            "%(title)s: %(n)d copy counted.", "%(title)s: %(n)d copies counted.", shelf.quantity
        ) % {"title": book.title, "n": shelf.quantity}
    made = receiving.receive_copies(
        copies=said["copies"], note=where["note"], scan=said["scan"], **at
    )
    if not made.is_new:
        return _("%(title)s: this scan was counted before.") % {"title": book.title}
    return ngettext(
        "%(title)s: %(n)d copy received, %(total)d there now.",
        "%(title)s: %(n)d copies received, %(total)d there now.",
        said["copies"],
    ) % {"title": book.title, "n": said["copies"], "total": made.shelf.quantity}


def _take_back(request: HttpRequest) -> str:
    said = request.POST["undo"]
    if not said.isdecimal() or len(said) > _LONGEST_ID:
        raise errors.MovementNotFound
    made = receiving.take_back(user=request.user, movement_id=int(said))
    return _("Taken back; %(total)d there now.") % {"total": made.shelf.quantity}


def _refusal(request: HttpRequest, refusal: DomainError) -> dict[str, str]:
    """Return the sentence to show, with the way on where there is one."""
    if isinstance(refusal, Invalid):
        told = [str(text) for texts in refusal.data["fields"].values() for text in texts]
        return {"sentence": " ".join(told)}
    shown = {"sentence": refusal.message}
    if isinstance(refusal, errors.IsbnUnknown) and request.user.has_perm("catalog.add_book"):
        isbn13 = urlencode({"isbn13": refusal.data["isbn13"]})
        shown["url"] = f"{reverse('admin:catalog_book_add')}?{isbn13}"
        shown["link"] = _("Add the book")
    if isinstance(refusal, errors.BookWithdrawn):
        shown["url"] = reverse("admin:catalog_book_change", args=[refusal.data["book_id"]])
        shown["link"] = _("Look at the book")
    return shown


def _scanning(where: dict[str, Any], said: Any = None) -> dict[str, Any]:
    """Return what the page shows while scans come in; `said` is a scan that was refused."""
    counts = where["mode"] == COUNT
    # A scan ends with Enter: without a number typed, a count must not be sent as one copy.
    nothing = {"copies": ""} if counts else {}
    typed = (
        nothing if said is None else {"code": said.get("code", ""), "copies": said.get("copies", 1)}
    )
    form = StaffScanForm(initial=typed | {"scan": receiving_selectors.new_scan()})
    came = None
    if not counts:
        came = receiving_selectors.delivery(branch_id=where["branch"].pk, note=where["note"])
    return {"where": where, "counts": counts, "form": form, "came": came}


def _answer(request: HttpRequest, context: dict[str, Any], status: int = 200) -> TemplateResponse:
    template = f"{TEMPLATE}#live" if _sent_by_script(request) else TEMPLATE
    around = {} if _sent_by_script(request) else admin.site.each_context(request)
    title = _("Stock-take") if context.get("counts") else _("Receiving")
    return TemplateResponse(request, template, around | {"title": title} | context, status=status)


def _sent_by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "receiving"
