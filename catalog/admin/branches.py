"""Branches on the staff desk."""

from typing import Any

from django.contrib import admin

from catalog.forms.branches import BranchForm
from catalog.models import Branch
from catalog.services import branches
from core.admin import BooleanRadioFilter, ModelAdmin, Withdrawable, WithdrawnFilter


@admin.register(Branch)
class BranchAdmin(Withdrawable, ModelAdmin):
    """The warehouse and the shops; switching one off takes its copies out of the catalogue."""

    form = BranchForm
    list_display = ("name", "address", "phone", "is_warehouse", "is_active")
    list_filter = (("is_active", BooleanRadioFilter), WithdrawnFilter)
    search_fields = ("name__icontains",)
    ordering = ("-is_warehouse", "name")
    prepopulated_fields = {"slug": ("name",)}
    fields = (
        ("name", "slug"),
        ("address", "phone"),
        ("is_warehouse", "is_active"),
        "opening_hours",
    )

    def save_with(self, *, actor: Any, form: Any, formsets: list[Any], change: bool) -> Any:
        saved = super().save_with(actor=actor, form=form, formsets=formsets, change=change)
        if change and "is_active" in form.changed_data:
            branches.recount_books(branch_id=saved.pk)
        return saved

    def withdraw_with(self, *, actor: Any, obj: Any) -> None:
        branches.close_branch(branch_id=obj.pk, actor_id=actor.pk)

    def put_back_with(self, *, actor: Any, obj: Any) -> None:
        branches.reopen_branch(branch_id=obj.pk, actor_id=actor.pk)
