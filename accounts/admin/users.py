"""Users on the staff desk: managers look, administrators change."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.forms.users import NewUserForm, UserForm
from accounts.models import User
from accounts.selectors import users as user_selectors
from accounts.services import second_factor, users
from core.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    DialogForm,
    Exportable,
    ModelAdmin,
    PasswordWidget,
    dialog_action,
    display,
)
from core.roles import Role

_ROLE_COLOURS = {
    Role.CUSTOMER: "default",
    Role.EMPLOYEE: "info",
    Role.MANAGER: "warning",
    Role.ADMIN: "danger",
}


class PasswordDialog(DialogForm):
    """The new password; the service judges it."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=PasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters, not a common word, not like the address."),
    )


@admin.register(User)
class UserAdmin(Exportable, ModelAdmin):
    """Everybody with an account; the search field takes the beginning of an address or a name."""

    list_display = (
        "email",
        "full_name",
        "role_label",
        "is_active",
        "is_verified",
        "has_second_factor",
        "created_at",
    )
    list_filter = (
        ("role", ChoicesDropdownFilter),
        ("is_active", BooleanRadioFilter),
        ("is_verified", BooleanRadioFilter),
    )
    search_fields = ("email",)
    search_help_text = _("Beginning of an address or name")
    ordering = ("-id",)
    form = UserForm
    readonly_fields = ("second_factor_at", "created_at", "last_login")
    fieldsets = (
        (None, {"fields": (("email", "full_name"), "role", ("is_active", "is_verified"))}),
        (_("Dates"), {"fields": (("created_at", "last_login"), "second_factor_at")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "full_name", "role", "password")}),)
    actions_detail = ("set_password", "reset_second_factor")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if not change:
            kwargs["form"] = NewUserForm
        form_class = super().get_form(request, obj, change, **kwargs)
        if "password" in form_class.base_fields:
            form_class.base_fields["password"].widget = PasswordWidget(
                attrs={"autocomplete": "new-password"}
            )
        return form_class

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.readonly_fields if obj else ()

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer to reset a second factor only where there is one."""
        user = self.get_object(request, object_id)
        offered = super().get_actions_detail(request, object_id)
        if user is not None and user.second_factor_at:
            return offered
        return [each for each in offered if not each.action_name.endswith("_reset_second_factor")]

    def search_with(self, request: HttpRequest, queryset: QuerySet, term: str) -> QuerySet:
        return user_selectors.users_matching(queryset, term)

    def save_with(self, *, actor: Any, form: Any, formsets: list[Any], change: bool) -> User:
        said = form.cleaned_data
        role = Role(said["role"])
        if not change:
            return users.create_user(
                email=said["email"],
                full_name=said["full_name"],
                role=role,
                password=said["password"],
                actor_id=actor.pk,
            )
        return users.save_user(
            user_id=form.instance.pk,
            email=said["email"],
            full_name=said["full_name"],
            role=role,
            is_active=said["is_active"],
            is_verified=said["is_verified"],
            actor_id=actor.pk,
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Accounts are switched off here; people delete theirs themselves."""
        return False

    @display(description=_("role"), ordering="role", label=_ROLE_COLOURS)
    def role_label(self, user: User) -> tuple[str, str]:
        """The role in its colour."""
        return user.role, user.get_role_display()

    @display(description=_("second factor"), boolean=True)
    def has_second_factor(self, user: User) -> bool:
        """Whether a sign-in asks for more than the password."""
        return user.second_factor_at is not None

    @dialog_action(
        title=_("Reset second factor"),
        question=_(
            "For somebody who lost every device and the recovery codes: make sure that it is "
            "them. Their password alone signs them in then, everywhere anew; they get a mail."
        ),
        permission="change",
        icon="lock_reset",
        danger=True,
    )
    def reset_second_factor(self, request: HttpRequest, form: Any, object_id: str) -> str:
        """Take every passkey, app and recovery code of this user away."""
        user = second_factor.reset(user_id=uuid.UUID(object_id), actor_id=request.user.pk)
        return _("%s has no second factor any more.") % user

    @dialog_action(
        title=_("Set password"),
        question=_("Every device they are signed in on has to sign in again."),
        permission="change",
        icon="key",
        form=PasswordDialog,
    )
    def set_password(self, request: HttpRequest, form: Any, object_id: str) -> str:
        """Give this user another password."""
        user = users.set_password(
            user_id=uuid.UUID(object_id),
            password=form.cleaned_data["password"],
            actor_id=request.user.pk,
        )
        return _("%s has a new password.") % user
