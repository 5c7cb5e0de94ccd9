"""Stock requests on the staff desk: employees ask, managers decide, one or many at a time."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.admin.shown import isbn_cell
from catalog.enums import StockRequestStatus, StockRequestType
from catalog.forms.stock_requests import StockRequestForm
from catalog.models import Book, StockRequest
from catalog.selectors import inventory, staff_search
from catalog.selectors import stock_requests as request_selectors
from catalog.services import stock_requests
from core.admin import (
    ChoicesDropdownFilter,
    DayRangeFilter,
    DialogForm,
    ModelAdmin,
    RelatedDropdownFilter,
    TextWidget,
    dialog_action,
    display,
)
from core.admin.dialogs import sentence_of

APPROVED, REJECTED = StockRequestStatus.APPROVED, StockRequestStatus.REJECTED
STATUS_COLOURS = {
    StockRequestStatus.PENDING: "warning",
    APPROVED: "success",
    REJECTED: "danger",
}


class ReviewDialog(DialogForm):
    """What the branch should know about the decision."""

    note = forms.CharField(
        label=_("Note to the branch"), required=False, max_length=300, widget=TextWidget
    )


class AskForStock:
    """Mixin for a book's page: a link to the request for more copies of it."""

    @admin.display(description=_("more copies"))
    def ask_for_stock(self, book: Book) -> str:
        """The way to a request that has the book in it."""
        page = reverse("admin:catalog_stockrequest_add")
        return format_html(
            '<a class="text-primary-600 dark:text-primary-500 underline" href="{}?book={}">{}</a>',
            page,
            book.pk,
            _("Ask for stock"),
        )


@admin.register(StockRequest)
class StockRequestAdmin(ModelAdmin):
    """Requests, newest first; to employees tied to branches, their own and their branches'."""

    form = StockRequestForm
    list_display = (
        "book",
        "isbn",
        "branch",
        "wish",
        "status_label",
        "asked_by",
        "created_at",
        "decided_by",
    )
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("branch", RelatedDropdownFilter),
        ("created_at", DayRangeFilter),
    )
    list_select_related = ("book", "branch")
    search_fields = ("book__title",)
    search_help_text = _("Title, author or ISBN")
    ordering = ("-pk",)
    autocomplete_fields = ("book",)
    fieldsets = (
        (None, {"fields": (("book", "branch"), ("wish", "status"), "reason")}),
        (_("Asked"), {"fields": (("asked_by", "created_at"),)}),
        (_("Decided"), {"fields": (("decided_by", "reviewed_at"), "note")}),
    )
    add_fieldsets = ((None, {"fields": (("book", "branch"), ("type", "quantity"), "reason")}),)
    actions = ("approve_selected", "reject_selected")
    actions_detail = ("approve", "reject")
    in_palette = False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        requests = request_selectors.seen_by(super().get_queryset(request), request.user)
        return request_selectors.with_people(requests)

    def search_with(self, request: HttpRequest, queryset: QuerySet, term: str) -> QuerySet:
        return staff_search.rows_of_books_matching(queryset, term)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was asked stays as it was; deciding has its own buttons."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_review_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Whether the role may decide."""
        return request.user.has_perm("catalog.change_stockrequest")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer to decide what is not decided."""
        asked = self.get_object(request, object_id)
        waits = asked is not None and asked.status == StockRequestStatus.PENDING
        return super().get_actions_detail(request, object_id) if waits else []

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer the branches that somebody may ask for."""
        if db_field.name == "branch":
            kwargs["queryset"] = inventory.open_branches_of(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start with more copies for the branch of somebody who has but one."""
        data: dict[str, Any] = {"type": StockRequestType.ADD_QUANTITY}
        branches = list(inventory.open_branches_of(request.user)[:2])
        if len(branches) == 1:
            data["branch"] = branches[0].pk
        return data | super().get_changeform_initial_data(request)

    def save_with(
        self, *, actor: Any, form: Any, formsets: list[Any], change: bool
    ) -> StockRequest:
        said = form.cleaned_data
        return stock_requests.create_request(
            user=actor,
            book_id=said["book"].pk,
            branch_id=said["branch"].pk,
            kind=StockRequestType(said["type"]),
            quantity=said["quantity"],
            reason=said["reason"],
        )

    @admin.display(description=_("ISBN"))
    def isbn(self, asked: StockRequest) -> str:
        """The book's ISBN as people write it."""
        return isbn_cell(asked.book.isbn13)

    @admin.display(description=_("wish"))
    def wish(self, asked: StockRequest) -> str:
        """What is wanted, in words."""
        if asked.type == StockRequestType.ADD_QUANTITY:
            return ngettext("%d copy more", "%d copies more", asked.quantity) % asked.quantity
        return ngettext("%d copy in all", "%d copies in all", asked.quantity) % asked.quantity

    @display(description=_("status"), ordering="status", label=STATUS_COLOURS)
    def status_label(self, asked: StockRequest) -> tuple[str, str]:
        """The status in its colour."""
        return asked.status, asked.get_status_display()

    @admin.display(description=_("asked by"))
    def asked_by(self, asked: Any) -> str:
        """The address of who asked, the bare id of who left."""
        return asked.asker_address or str(asked.requested_by_id or "")

    @admin.display(description=_("decided by"))
    def decided_by(self, asked: Any) -> str:
        """The address of who decided, nothing while it waits."""
        return asked.reviewer_address or str(asked.reviewed_by_id or "")

    @admin.action(description=_("Approve"), permissions=["review"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Approve the ticked requests, each for itself."""
        _review_all(request, queryset, APPROVED)

    @admin.action(description=_("Reject"), permissions=["review"])
    def reject_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Reject the ticked requests, each for itself."""
        _review_all(request, queryset, REJECTED)

    @dialog_action(
        title=_("Approve"),
        question=_("The branch's stock changes at once."),
        permission="review",
        icon="check",
        form=ReviewDialog,
        primary=True,
    )
    def approve(self, request: HttpRequest, form: Any, object_id: str) -> str:
        """Approve this request."""
        _review(request, form, object_id, APPROVED)
        return str(_("Approved. The stock is changed."))

    @dialog_action(
        title=_("Reject"),
        question=_("The branch's stock stays as it is."),
        permission="review",
        icon="close",
        form=ReviewDialog,
        danger=True,
    )
    def reject(self, request: HttpRequest, form: Any, object_id: str) -> str:
        """Reject this request."""
        _review(request, form, object_id, REJECTED)
        return str(_("Rejected."))


def _review(request: HttpRequest, form: Any, object_id: str, decision: StockRequestStatus) -> None:
    stock_requests.review_request(
        request_id=int(object_id),
        decision=decision,
        note=form.cleaned_data["note"],
        user=request.user,
    )


def _review_all(request: HttpRequest, queryset: QuerySet, decision: StockRequestStatus) -> None:
    """Review many and say what became of each that was refused."""
    titles = dict(queryset.order_by("pk").values_list("pk", "book__title"))
    done = stock_requests.review_requests(ids=titles, decision=decision, user=request.user)
    for each in done:
        if each.refusal is not None:
            messages.error(request, f"{titles[each.id]}: {sentence_of(each.refusal)}")
    reviewed = sum(each.refusal is None for each in done)
    if decision == APPROVED:
        sentence = ngettext("%d request approved.", "%d requests approved.", reviewed)
    else:
        sentence = ngettext("%d request rejected.", "%d requests rejected.", reviewed)
    messages.success(request, sentence % reviewed)
