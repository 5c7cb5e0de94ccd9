"""The stock ledger on the staff desk: to be read, never to be written."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.models import StockMovement
from catalog.selectors import inventory, staff_search
from core.admin import (
    ChoicesDropdownFilter,
    DayRangeFilter,
    Exportable,
    ModelAdmin,
    ReadOnly,
    RelatedDropdownFilter,
    actor_name,
    with_actor_name,
)


class MovementCells:
    """Mixin for what shows movements: copies with their sign, and who moved them."""

    @admin.display(description=_("change"), ordering="delta")
    def change(self, movement: StockMovement) -> str:
        """Copies with their sign."""
        return f"{movement.delta:+d}"

    @admin.display(description=_("actor"))
    def actor(self, movement: StockMovement) -> str:
        """Who did it."""
        return actor_name(movement)


@admin.register(StockMovement)
class StockMovementAdmin(MovementCells, Exportable, ReadOnly, ModelAdmin):
    """Every change of stock, newest first."""

    list_display = ("created_at", "book", "branch", "change", "reason", "reference", "actor")
    list_filter = (
        ("inventory__branch", RelatedDropdownFilter),
        ("reason", ChoicesDropdownFilter),
        ("created_at", DayRangeFilter),
    )
    list_select_related = ("inventory__book", "inventory__branch")
    search_fields = ("inventory__book__title",)
    search_help_text = _("Title, author or ISBN")
    ordering = ("-created_at", "-pk")
    exported_as = {"change": "delta"}
    personal_columns = {"actor": "accounts.view_user"}
    fields = (("book", "branch"), ("change", "reason"), ("created_at", "actor"), "reference")
    in_palette = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        seen = inventory.seen_by(
            super().get_queryset(request), request.user, branch="inventory__branch_id"
        )
        return with_actor_name(seen)

    def search_with(self, request: HttpRequest, queryset: QuerySet, term: str) -> QuerySet:
        return staff_search.rows_of_books_matching(queryset, term, book="inventory__book")

    @admin.display(description=_("book"))
    def book(self, movement: StockMovement) -> str:
        """The book's title."""
        return movement.inventory.book.title

    @admin.display(description=_("branch"))
    def branch(self, movement: StockMovement) -> str:
        """Where it happened."""
        return movement.inventory.branch.name
