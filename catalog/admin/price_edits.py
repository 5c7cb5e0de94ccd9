"""Price edits on the staff desk: choose books, look at what a rule does, apply, undo."""

import uuid
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.admin.shown import isbn_cell
from catalog.enums import PriceRounding, PriceRuleKind
from catalog.forms.prices import PriceRuleForm
from catalog.models import Book, PriceChange, PriceEdit
from catalog.selectors import prices as price_plans
from catalog.services import prices
from core.admin import (
    DecimalWidget,
    ModelAdmin,
    ReadOnly,
    SelectWidget,
    TabularInline,
    actor_name,
    chosen,
    confirm,
    dialog_action,
    with_actor_name,
)
from core.errors import Conflict
from core.http.pages import form_status
from core.money import format_money

SHOWN = 100


class RuleForm(PriceRuleForm):
    """The rule with the desk's widgets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget = SelectWidget(choices=PriceRuleKind.choices)
        self.fields["value"].widget = DecimalWidget()
        self.fields["rounding"].widget = SelectWidget(choices=PriceRounding.choices)


class PriceActions:
    """Mixin for the list of books: "Change prices…" leads on with the books chosen."""

    @admin.action(description=_("Change prices…"), permissions=["edit_prices"])
    def change_prices(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        """Take the ticked books, or all of the list, to the page that asks how."""
        page = reverse("admin:catalog_priceedit_add")
        return HttpResponseRedirect(f"{page}?{chosen.query_of(request, queryset)}")

    def has_edit_prices_permission(self, request: HttpRequest) -> bool:
        """Whether the role may edit prices."""
        return request.user.has_perm("catalog.add_priceedit")


class PriceChangeInline(ReadOnly, TabularInline):
    """Each book's price before and after."""

    model = PriceChange
    verbose_name_plural = _("books")
    fields = ("book", "isbn", "old_price", "new_price", "now")
    ordering = ("book_id",)
    per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("book")

    @admin.display(description=_("ISBN"))
    def isbn(self, change: PriceChange) -> str:
        """The ISBN as people write it."""
        return isbn_cell(change.book.isbn13)

    @admin.display(description=_("price now"))
    def now(self, change: PriceChange) -> str:
        """What the book costs today."""
        return "" if change.book.price is None else format_money(change.book.price)


@admin.register(PriceEdit)
class PriceEditAdmin(ReadOnly, ModelAdmin):
    """Every price edit, newest first; one page each, with the button that undoes it."""

    list_display = ("rule_in_words", "books", "created_at", "by", "undone_at")
    ordering = ("-pk",)
    fields = (("rule_in_words", "books"), ("created_at", "by"), "undone_at")
    inlines = (PriceChangeInline,)
    actions_detail = ("undo",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("catalog.add_priceedit")

    def has_undo_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Whether the role may take edits back."""
        return request.user.has_perm("catalog.change_priceedit")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return with_actor_name(super().get_queryset(request))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer to undo what is not undone."""
        edit = self.get_object(request, object_id)
        offered = super().get_actions_detail(request, object_id)
        return [] if edit is None or edit.undone_at else offered

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for the rule, show what it does, then do it: one page, three steps."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        books = chosen.rows_of(request, self.admin_site._registry[Book])
        if books is not None and price_plans.has_too_many(books):
            return self._page(request, {"too_many": price_plans.MOST_BOOKS})
        said = request.GET if "kind" in request.GET else None
        form = RuleForm(said)
        context: dict[str, Any] = {"form": form, "has_books": books is not None}
        if books is None or said is None or not form.is_valid():
            return self._page(request, context)
        plan = price_plans.plan(Book.objects.filter(pk__in=books.values("pk")), form.rule())
        if request.method == "POST":
            return self._apply(request, plan, context)
        return self._page(request, context | _preview(plan))

    @dialog_action(
        title=_("Undo"),
        question=_("Books whose price has changed again since then keep the price they have now."),
        permission="undo",
        icon="undo",
        danger=True,
    )
    def undo(self, request: HttpRequest, form: Any, object_id: str) -> str:
        """Give the books their prices back."""
        outcome = prices.undo(edit_id=uuid.UUID(str(object_id)), actor_id=request.user.pk)
        return _told(_("The old price is back."), _("%d old prices are back."), outcome)

    @admin.display(description=_("rule"))
    def rule_in_words(self, edit: PriceEdit) -> str:
        """Kind, value and rounding."""
        return words_of(edit.rule)

    @admin.display(description=_("books"))
    def books(self, edit: PriceEdit) -> str:
        """How many were changed; unknown of an edit that was interrupted."""
        return str(edit.rule.get("changed", _("interrupted")))

    @admin.display(description=_("by"))
    def by(self, edit: PriceEdit) -> str:
        """Who did it."""
        return actor_name(edit)

    def _apply(
        self, request: HttpRequest, plan: price_plans.PricePlan, context: dict[str, Any]
    ) -> HttpResponse:
        if not confirm.is_confirmed(request, len(plan.changes)):
            return self._page(request, context | _preview(plan) | {"word_missing": True}, 422)
        try:
            outcome = prices.apply_plan(
                plan=plan,
                fingerprint=request.POST.get("fingerprint", ""),
                actor_id=request.user.pk,
            )
        except Conflict as refusal:
            status = form_status(refusal)
            return self._page(request, context | _preview(plan) | {"refusal": refusal}, status)
        messages.success(
            request, _told(_("One price was changed."), _("%d prices were changed."), outcome)
        )
        return HttpResponseRedirect(
            reverse("admin:catalog_priceedit_change", args=[outcome.edit_id]), status=303
        )

    def _page(
        self, request: HttpRequest, context: dict[str, Any], status: int = 200
    ) -> TemplateResponse:
        kept = {
            name: request.GET[name] for name in (chosen.IDS, chosen.LIST) if name in request.GET
        }
        around = self.admin_site.each_context(request) | {
            "title": _("Change prices"),
            "opts": self.opts,
            "kept": kept,
            "books_url": reverse("admin:catalog_book_changelist"),
        }
        return TemplateResponse(request, "admin/price_edit.html", around | context, status=status)


def words_of(rule: dict[str, Any]) -> str:
    """Return a kept rule as a person would say it: "+5 %, to a price that ends in .99"."""
    value = rule.get("value", "")
    sign = "" if value.startswith("-") else "+"
    if rule.get("kind") == PriceRuleKind.EXACT:
        return _("to %s") % value
    change = f"{sign}{value} %" if rule.get("kind") == PriceRuleKind.PERCENT else f"{sign}{value}"
    rounding = PriceRounding(rule.get("rounding") or PriceRounding.CENT)
    if rounding == PriceRounding.CENT:
        return change
    label = str(rounding.label)
    return f"{change}, {label[:1].lower()}{label[1:]}"


def _preview(plan: price_plans.PricePlan) -> dict[str, Any]:
    return {
        "plan": plan,
        "shown": plan.changes[:SHOWN],
        "odd": plan.odd[:SHOWN],
        "word": confirm.word_for(len(plan.changes)),
    }


def _told(one: Any, many: Any, outcome: prices.Outcome) -> str:
    done = str(one) if outcome.changed == 1 else str(many) % outcome.changed
    left = len(outcome.left_alone)
    if not left:
        return done
    more = ngettext(
        "%d book was left alone: its price has been changed meanwhile.",
        "%d books were left alone: their prices have been changed meanwhile.",
        left,
    )
    return f"{done} {more % left}"
