"""Branches on the staff desk."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.forms.branches import BranchForm
from catalog.models import Branch, BranchStaff
from catalog.services import branch_staff, branches
from core.admin import (
    BooleanRadioFilter,
    ModelAdmin,
    TabularInline,
    TextareaWidget,
    Withdrawable,
    WithdrawnFilter,
    dialog_action,
    kept_rows,
)


class BranchStaffInline(TabularInline):
    """Who is tied to the branch; seen and changed by managers."""

    model = BranchStaff
    autocomplete_fields = ("user",)
    extra = 0


class ClosedFilter(WithdrawnFilter):
    """Leaves out closed branches until asked for them."""

    title = _("closed")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("", _("No")), ("yes", _("Closed only")), ("all", _("With closed ones"))]


@admin.register(Branch)
class BranchAdmin(Withdrawable, ModelAdmin):
    """The warehouse and the shops; switching one off takes its copies out of the catalogue."""

    form = BranchForm
    list_display = ("name", "address", "phone", "is_warehouse", "is_active")
    list_filter = (("is_active", BooleanRadioFilter), ClosedFilter)
    search_fields = ("name__icontains",)
    ordering = ("-is_warehouse", "name")
    prepopulated_fields = {"slug": ("name",)}
    fields = (
        ("name", "slug"),
        ("address", "phone"),
        ("is_warehouse", "is_active"),
        "opening_hours",
    )
    inlines = (BranchStaffInline,)
    # Closed one by one: each has its shelves to clear.
    actions = ()

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form_class = super().get_form(request, obj, change, **kwargs)
        if "opening_hours" in form_class.base_fields:
            form_class.base_fields["opening_hours"].widget = TextareaWidget(attrs={"rows": 9})
        return form_class

    def save_with(self, *, actor: Any, form: Any, formsets: list[Any], change: bool) -> Any:
        said: branches.BranchChanges = {name: form.cleaned_data[name] for name in branches.FIELDS}  # type: ignore[assignment]
        if change:
            saved = branches.change_branch(
                branch_id=form.instance.pk, changes=said, may_be_closed=True, actor_id=actor.pk
            )
        else:
            saved = branches.create_branch(said=said, actor_id=actor.pk)
        for staff in formsets:
            # Not on the page of somebody whose role may not change it.
            user_ids = [row["user"].pk for row in kept_rows(staff)]
            branch_staff.set_staff(branch_id=saved.pk, user_ids=user_ids, actor_id=actor.pk)
        return saved

    @dialog_action(
        title=_("Close for good"),
        question=_("Once no copy is left in it and no open order. It can be opened again."),
        permission="change",
        icon="storefront",
        danger=True,
    )
    def withdraw(self, request: HttpRequest, form: Any, object_id: str) -> str:
        """Close this branch; shops are closed, not withdrawn."""
        obj = self._found(request, object_id)
        self.withdraw_with(actor=request.user, obj=obj)
        return _("“%s” is closed.") % obj

    @dialog_action(
        title=_("Open again"),
        question=_("Shoppers will find it again."),
        permission="change",
        icon="storefront",
    )
    def put_back(self, request: HttpRequest, form: Any, object_id: str) -> str:
        """Open a closed branch again."""
        obj = self._found(request, object_id)
        self.put_back_with(actor=request.user, obj=obj)
        return _("“%s” is open again.") % obj

    def withdraw_with(self, *, actor: Any, obj: Any) -> None:
        branches.close_branch(branch_id=obj.pk, actor_id=actor.pk)

    def put_back_with(self, *, actor: Any, obj: Any) -> None:
        branches.reopen_branch(branch_id=obj.pk, actor_id=actor.pk)
