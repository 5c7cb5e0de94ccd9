"""Stock on the staff desk: looked at here, changed only through the stock service."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.admin import receiving as receiving_page
from catalog.admin.filters import LowStockFilter
from catalog.admin.movements import MovementCells
from catalog.admin.shown import isbn_cell
from catalog.admin.stock_counts import StockCounts
from catalog.enums import MovementReason
from catalog.models import Inventory, StockMovement
from catalog.selectors import inventory, staff_search
from catalog.selectors import receiving as receiving_selectors
from catalog.services import receiving, stock
from catalog.services.receiving import LONGEST_NOTE
from core.admin import (
    DialogForm,
    Exportable,
    IntegerWidget,
    ModelAdmin,
    ReadOnly,
    RelatedDropdownFilter,
    SelectWidget,
    TabularInline,
    TextWidget,
    dialog_action,
    with_actor_name,
)
from core.errors import NotFound

# The others belong to sales, receiving, requests and transfers.
_REASONS = [
    (reason.value, reason.label)
    for reason in (MovementReason.CORRECTION, MovementReason.DAMAGED, MovementReason.OPENING)
]


class StockDialog(DialogForm):
    """The counted number of copies and why it differs."""

    quantity = forms.IntegerField(
        label=_("Copies"), min_value=0, max_value=stock.MOST_COPIES, widget=IntegerWidget
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=_REASONS, widget=SelectWidget)


class OnceDialog(DialogForm):
    """A dialog that is known again when it is sent twice: a double click moves copies once."""

    once = forms.SlugField(
        min_length=8,
        max_length=16,
        initial=receiving_selectors.new_scan,
        widget=forms.HiddenInput,
    )


class AddDialog(OnceDialog):
    """How many copies came, and with which paper."""

    copies = forms.IntegerField(
        label=_("Copies"), min_value=1, max_value=stock.MOST_COPIES, widget=IntegerWidget
    )
    note = forms.CharField(
        label=_("Delivery note"), required=False, max_length=LONGEST_NOTE, widget=TextWidget
    )


class TransferDialog(OnceDialog):
    """How many copies go where."""

    copies = forms.IntegerField(
        label=_("Copies"), min_value=1, max_value=stock.MOST_COPIES, widget=IntegerWidget
    )
    to_branch: Any = forms.ModelChoiceField(label=_("To"), queryset=None, widget=SelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branches: Any = self.fields["to_branch"]
        branches.queryset = inventory.open_branches_of(self.request.user)


class MovementInline(MovementCells, ReadOnly, TabularInline):
    """The ledger of this shelf, newest first."""

    model = StockMovement
    fields = ("created_at", "change", "reason", "reference", "actor")
    ordering = ("-pk",)
    per_page = 20

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return with_actor_name(super().get_queryset(request))


@admin.register(Inventory)
class InventoryAdmin(StockCounts, Exportable, ModelAdmin):
    """Copies of every book in every branch."""

    list_display = ("book", "isbn", "branch", "quantity")
    list_filter = (("branch", RelatedDropdownFilter), LowStockFilter)
    list_select_related = ("book", "branch")
    search_fields = ("book__title",)
    search_help_text = _("Title, author or ISBN")
    ordering = ("-pk",)
    autocomplete_fields = ("book",)
    fields = (("book", "branch"), "quantity")
    inlines = (MovementInline,)
    actions = ("count_copies",)
    actions_detail = ("set_stock", "add_copies", "send_copies")
    in_palette = False

    def get_urls(self) -> list[Any]:
        """The list's own, and receiving."""
        return receiving_page.urls(self.admin_site) + super().get_urls()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return inventory.seen_by(super().get_queryset(request), request.user)

    def search_with(self, request: HttpRequest, queryset: QuerySet, term: str) -> QuerySet:
        return staff_search.rows_of_books_matching(queryset, term)

    def get_inlines(self, request: HttpRequest, obj: Any) -> tuple[Any, ...]:
        return self.inlines if obj else ()

    def has_set_stock_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Whether the role may change stock."""
        return request.user.has_perm("catalog.change_inventory")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody edits a number: "Set stock" makes a movement of it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The ledger hangs on it."""
        return False

    def save_with(self, *, actor: Any, form: Any, formsets: list[Any], change: bool) -> Inventory:
        said = form.cleaned_data
        return stock.set_quantity(
            book_id=said["book"].pk,
            branch_id=said["branch"].pk,
            quantity=said["quantity"],
            reason=MovementReason.OPENING,
            actor_id=actor.pk,
        )

    @admin.display(description=_("ISBN"))
    def isbn(self, row: Inventory) -> str:
        """The book's ISBN as people write it."""
        return isbn_cell(row.book.isbn13)

    @dialog_action(
        title=_("Set stock"),
        question=_("How many copies are there? The difference goes into the ledger."),
        permission="set_stock",
        icon="inventory_2",
        form=StockDialog,
    )
    def set_stock(self, request: HttpRequest, form: Any, object_id: str) -> str:
        """Make this shelf's number of copies what was counted."""
        row = self._shelf(request, object_id)
        stock.set_quantity(
            book_id=row.book_id,
            branch_id=row.branch_id,
            quantity=form.cleaned_data["quantity"],
            reason=MovementReason(form.cleaned_data["reason"]),
            actor_id=request.user.pk,
        )
        return _("Stock set to %d.") % form.cleaned_data["quantity"]

    @dialog_action(
        title=_("Add copies"),
        question=_("Copies that came in, on top of those that are there."),
        permission="set_stock",
        icon="add_box",
        form=AddDialog,
    )
    def add_copies(self, request: HttpRequest, form: Any, object_id: str) -> str:
        """Put copies on this shelf."""
        row = self._shelf(request, object_id)
        copies, note = form.cleaned_data["copies"], form.cleaned_data["note"]
        made = receiving.receive_copies(
            user=request.user,
            branch_id=row.branch_id,
            book_id=row.book_id,
            copies=copies,
            note=note,
            scan=form.cleaned_data["once"],
        )
        return ngettext(
            "%(copies)d copy added; there are %(total)d now.",
            "%(copies)d copies added; there are %(total)d now.",
            copies,
        ) % {"copies": copies, "total": made.shelf.quantity}

    @dialog_action(
        title=_("Send to a branch"),
        question=_("They leave this shelf and stand on the other at the same moment."),
        permission="set_stock",
        icon="local_shipping",
        form=TransferDialog,
    )
    def send_copies(self, request: HttpRequest, form: Any, object_id: str) -> str:
        """Transfer copies from this shelf to another branch's."""
        row, said = self._shelf(request, object_id), form.cleaned_data
        stock.transfer(
            book_id=row.book_id,
            from_branch_id=row.branch_id,
            to_branch_id=said["to_branch"].pk,
            copies=said["copies"],
            actor_id=request.user.pk,
            reference=f"T-{said['once']}",
        )
        return ngettext(
            "%(copies)d copy went to %(branch)s.",
            "%(copies)d copies went to %(branch)s.",
            said["copies"],
        ) % {"copies": said["copies"], "branch": said["to_branch"]}

    def _shelf(self, request: HttpRequest, object_id: str) -> Inventory:
        row = self.get_object(request, object_id)
        if row is None:
            raise NotFound
        return row
