"""Stock on the staff desk: looked at here, changed only through the stock service."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.admin.filters import LowStockFilter
from catalog.admin.shown import isbn_cell
from catalog.enums import MovementReason
from catalog.models import Book, Inventory, StockMovement
from catalog.selectors import staff_search
from catalog.services import stock
from core.admin import (
    DialogForm,
    IntegerWidget,
    ModelAdmin,
    ReadOnly,
    RelatedDropdownFilter,
    SelectWidget,
    TabularInline,
    dialog_action,
)
from core.errors import NotFound

# The others belong to sales.
_REASONS = [
    (reason.value, reason.label) for reason in (MovementReason.CORRECTION, MovementReason.OPENING)
]


class StockDialog(DialogForm):
    """The counted number of copies and why it differs."""

    quantity = forms.IntegerField(
        label=_("Copies"), min_value=0, max_value=stock.MOST_COPIES, widget=IntegerWidget
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=_REASONS, widget=SelectWidget)


class MovementInline(ReadOnly, TabularInline):
    """The ledger of this shelf, newest first."""

    model = StockMovement
    fields = ("created_at", "delta", "reason", "reference")
    ordering = ("-pk",)
    per_page = 20


@admin.register(Inventory)
class InventoryAdmin(ModelAdmin):
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
    actions_detail = ("set_stock",)
    in_palette = False

    def search_with(self, request: HttpRequest, queryset: QuerySet, term: str) -> QuerySet:
        found = staff_search.books_matching(Book.objects.all(), term)
        return queryset.filter(book__in=found.values("pk"))

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
        row = self.get_object(request, object_id)
        if row is None:
            raise NotFound
        stock.set_quantity(
            book_id=row.book_id,
            branch_id=row.branch_id,
            quantity=form.cleaned_data["quantity"],
            reason=MovementReason(form.cleaned_data["reason"]),
            actor_id=request.user.pk,
        )
        return _("Stock set to %d.") % form.cleaned_data["quantity"]
