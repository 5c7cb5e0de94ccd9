"""Books on the staff desk."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.admin.book_forms import CopiedInline, draft_from
from catalog.admin.book_reading import ReadingPage, in_words
from catalog.admin.covers import CoverOnBook
from catalog.admin.editions import Editions
from catalog.admin.exports import CatalogueExport
from catalog.admin.filters import (
    GenreTreeFilter,
    HealthFilter,
    LanguageFilter,
    PriceFilter,
    SaleFilter,
    language_choices,
)
from catalog.admin.price_edits import PriceActions
from catalog.admin.shown import isbn_cell
from catalog.admin.stock_requests import AskForStock
from catalog.enums import ContributorRole
from catalog.forms.staff_books import StaffBookForm
from catalog.models import Book, BookContributor, BookGenre, Branch, Inventory
from catalog.selectors import staff_search
from catalog.services import books
from catalog.validators import hyphenated
from core.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    DecimalWidget,
    IntegerWidget,
    ModelAdmin,
    ReadOnly,
    SelectWidget,
    TabularInline,
    TextareaWidget,
    TextWidget,
    Withdrawable,
    WithdrawnFilter,
)
from core.days import written_day
from core.money import format_money


class CreditInline(CopiedInline):
    """Who made the book, in the order of the title page."""

    model = BookContributor
    verbose_name = _("contributor")
    autocomplete_fields = ("contributor",)
    fields = ("contributor", "role", "position")
    ordering = ("position", "pk")
    copied = ("contributor", "role", "position")


class GenreInline(CopiedInline):
    """The book's places in the tree of genres."""

    model = BookGenre
    autocomplete_fields = ("genre",)
    fields = ("genre",)
    copied = ("genre",)


class InventoryInline(ReadOnly, TabularInline):
    """Copies in each branch; "Set stock" is on the row's own page."""

    model = Inventory
    verbose_name_plural = _("stock")
    fields = ("branch", "quantity")
    ordering = ("-branch__is_warehouse", "branch__name")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("branch")


@admin.register(Book)
class BookAdmin(
    CatalogueExport, Editions, ReadingPage, CoverOnBook, PriceActions, AskForStock, ModelAdmin
):
    """Every book, newest in the shop first; withdrawn ones when asked for."""

    form = StaffBookForm
    list_display = (
        "title",
        "first_author",
        "isbn",
        "price_shown",
        "copies",
        "is_in_stock",
        "publisher",
        "published",
    )
    list_filter = (
        GenreTreeFilter,
        ("format", ChoicesDropdownFilter),
        LanguageFilter,
        ("is_in_stock", BooleanRadioFilter),
        PriceFilter,
        SaleFilter,
        HealthFilter,
        WithdrawnFilter,
    )
    list_select_related = ("publisher",)
    actions = ("change_prices", *Withdrawable.actions)
    search_fields = ("title",)
    search_help_text = _("Title, author, series or ISBN")
    exported_as = {"price_shown": "price"}
    ordering = ("-pk",)
    autocomplete_fields = ("work", "publisher", "series")
    inlines = (CreditInline, GenreInline, InventoryInline)
    readonly_fields = (
        "cover_shown",
        "editions",
        "is_in_stock",
        "ask_for_stock",
        "created_at",
        "updated_at",
        "deleted_at",
    )
    fieldsets = (
        (None, {"fields": (("isbn13", "price"), "title", "subtitle", "description")}),
        (
            _("Edition"),
            {
                "fields": (
                    ("format", "language", "pages"),
                    ("published_on", "published_precision"),
                    ("on_sale_on", "is_preorder_allowed"),
                    ("publisher", "series", "series_number"),
                    "attributes",
                )
            },
        ),
        (_("Work"), {"fields": (("work", "first_published_year"), "editions")}),
        (_("Cover"), {"fields": ("cover_shown",)}),
        (
            _("State"),
            {
                "fields": (
                    ("is_in_stock", "ask_for_stock"),
                    ("deleted_at", "created_at", "updated_at"),
                )
            },
        ),
    )
    add_fieldsets = fieldsets[:3]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add the version, which is hidden, where it will be sent back; words where nothing is."""
        shown = super().get_fieldsets(request, obj)
        if obj is None:
            return shown
        if not self.has_change_permission(request, obj):
            return in_words(shown)
        (title, first), *rest = shown
        return [(title, first | {"fields": (*first["fields"], "version_read")}), *rest]

    def get_inlines(self, request: HttpRequest, obj: Any) -> tuple[Any, ...]:
        return self.inlines if obj else (CreditInline, GenreInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        author = (
            BookContributor.objects.filter(book=OuterRef("pk"), role=ContributorRole.AUTHOR)
            .order_by("position", "pk")
            .values("contributor__name")[:1]
        )
        stock = (
            Inventory.objects.filter(book=OuterRef("pk"), branch__in=Branch.objects.active())
            .order_by()
            .values("book")
            .annotate(copies=Sum("quantity"))
            .values("copies")
        )
        return (
            super()
            .get_queryset(request)
            .annotate(author_name=Subquery(author), copies_sum=Coalesce(Subquery(stock), 0))
        )

    def search_with(self, request: HttpRequest, queryset: QuerySet, term: str) -> QuerySet:
        return staff_search.books_matching(queryset, term)

    def names_a_row(self, term: str) -> bool:
        """A whole ISBN in any spelling is a book."""
        return staff_search.is_isbn(term)

    def palette_note(self, row: Any) -> str:
        """The ISBN tells editions apart."""
        return hyphenated(row.isbn13)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form_class = super().get_form(request, obj, change, **kwargs)
        for name, widget in _WIDGETS.items():
            if name in form_class.base_fields:
                form_class.base_fields[name].widget = widget()
        if "language" in form_class.base_fields:
            choices = [("", _("Not known")), *language_choices()]
            form_class.base_fields["language"].choices = choices
        return form_class

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A withdrawn book is read-only until it is put back."""
        return super().has_change_permission(request, obj) and not getattr(obj, "deleted_at", None)

    def save_with(self, *, actor: Any, form: Any, formsets: list[Any], change: bool) -> Book:
        return books.save_book(
            draft=draft_from(form, formsets),
            book_id=form.instance.pk if change else None,
            actor_id=actor.pk,
            expected_versions=form.expected_versions,
        )

    def withdraw_with(self, *, actor: Any, obj: Any) -> None:
        books.withdraw_book(book_id=obj.pk, actor_id=actor.pk)

    def put_back_with(self, *, actor: Any, obj: Any) -> None:
        books.restore_book(book_id=obj.pk, actor_id=actor.pk)

    @admin.display(description=_("author"), ordering="sort_author")
    def first_author(self, book: Any) -> str:
        """The first author of the title page."""
        return book.author_name or ""

    @admin.display(description=_("ISBN"), ordering="isbn13")
    def isbn(self, book: Book) -> str:
        """The ISBN as people write it."""
        return isbn_cell(book.isbn13)

    @admin.display(description=_("price"), ordering="price")
    def price_shown(self, book: Book) -> str:
        """The price with its currency."""
        return format_money(Decimal(book.price)) if book.price is not None else ""

    @admin.display(description=_("copies"))
    def copies(self, book: Any) -> int:
        """Copies in all active branches."""
        return book.copies_sum

    @admin.display(description=_("published"), ordering="published_on")
    def published(self, book: Book) -> str:
        """As much of the date as is known."""
        if book.published_on is None:
            return ""
        return written_day(book.published_on, book.published_precision)


_WIDGETS = {
    "isbn13": TextWidget,
    "price": DecimalWidget,
    "language": SelectWidget,
    "first_published_year": IntegerWidget,
    "attributes": TextareaWidget,
}
