"""Rows that are withdrawn and put back, never deleted."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import DropdownFilter

from core.admin.dialogs import dialog_action, sentence_of
from core.errors import DomainError, NotFound


class WithdrawnFilter(DropdownFilter):
    """Leaves out withdrawn rows until asked for them."""

    title = _("withdrawn")
    parameter_name = "withdrawn"
    all_option = None

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What can be chosen."""
        return [("", _("No")), ("yes", _("Withdrawn only")), ("all", _("With withdrawn ones"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow by `deleted_at`."""
        if self.value() == "all":
            return queryset
        return queryset.filter(deleted_at__isnull=self.value() != "yes")


class Withdrawable:
    """Mixin: "Withdraw" and "Put back" for one row and for many, through the class's services."""

    actions: tuple[str, ...] = ("withdraw_selected", "put_back_selected")
    actions_detail: tuple[str, ...] = ("withdraw", "put_back")

    def withdraw_with(self, *, actor: Any, obj: Any) -> None:
        """Withdraw one row; named by the class."""
        raise NotImplementedError

    def put_back_with(self, *, actor: Any, obj: Any) -> None:
        """Put one withdrawn row back; named by the class."""
        raise NotImplementedError

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer the one of the two that makes sense."""
        obj = self.get_object(request, object_id)  # type: ignore[attr-defined]
        useless = "withdraw" if obj is not None and obj.deleted_at else "put_back"
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        return [button for button in offered if not button.action_name.endswith(f"_{useless}")]

    @admin.action(description=_("Withdraw"), permissions=["change"])
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Withdraw the ticked rows, each for itself."""
        done = _for_each(request, queryset.filter(deleted_at=None), self.withdraw_with)
        messages.success(request, ngettext("%d withdrawn.", "%d withdrawn.", done) % done)

    @admin.action(description=_("Put back"), permissions=["change"])
    def put_back_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Put the ticked rows back, each for itself."""
        done = _for_each(request, queryset.exclude(deleted_at=None), self.put_back_with)
        messages.success(request, ngettext("%d put back.", "%d put back.", done) % done)

    @dialog_action(
        title=_("Withdraw"),
        question=_("Shoppers will no longer find it; old orders still show it."),
        permission="change",
        icon="visibility_off",
        danger=True,
    )
    def withdraw(self, request: HttpRequest, form: Any, object_id: str) -> str:
        """Withdraw this row."""
        obj = self._found(request, object_id)
        self.withdraw_with(actor=request.user, obj=obj)
        return _("“%s” was withdrawn.") % obj

    @dialog_action(
        title=_("Put back"),
        question=_("Shoppers will find it again."),
        permission="change",
        icon="visibility",
    )
    def put_back(self, request: HttpRequest, form: Any, object_id: str) -> str:
        """Put this row back."""
        obj = self._found(request, object_id)
        self.put_back_with(actor=request.user, obj=obj)
        return _("“%s” is back.") % obj

    def _found(self, request: HttpRequest, object_id: str) -> Model:
        obj = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if obj is None:
            raise NotFound
        return obj


def _for_each(request: HttpRequest, queryset: QuerySet, act: Any) -> int:
    done = 0
    for obj in queryset.order_by("pk"):
        try:
            act(actor=request.user, obj=obj)
        except DomainError as refusal:
            messages.error(request, f"{obj}: {sentence_of(refusal)}")
        else:
            done += 1
    return done
