"""The person: an e-mail address, a password, a role."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Upper
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from core.roles import Role


class UserManager(BaseUserManager["User"]):
    """Finds users by e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this address."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account. The role decides everything; there are no separate staff flags."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254)
    full_name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.CUSTOMER)
    is_active = models.BooleanField(_("active"), default=True)
    is_verified = models.BooleanField(_("e-mail verified"), default=False)
    # Raised whenever every token of the user must die at once; access tokens carry it.
    token_version = models.PositiveIntegerField(default=0, editable=False)
    # Since when every sign-in asks for a second factor; empty: it does not.
    second_factor_at = models.DateTimeField(_("second factor since"), null=True, editable=False)
    created_at = models.DateTimeField(_("registered"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(fields=["email"], name="user_email_unique"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower"),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="user_role_known"
            ),
        ]
        # What staff looks for: the beginning of an address or a name, and who has a role.
        indexes = [
            models.Index(OpClass("email", "varchar_pattern_ops"), name="user_email_begins_idx"),
            models.Index(OpClass(Upper("full_name"), "text_pattern_ops"), name="user_name_idx"),
            models.Index(fields=["role", "-id"], name="user_role_idx"),
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Write the address as it is stored: in lower case."""
        self.email = self.email.strip().lower()

    @property
    def is_staff(self) -> bool:
        """Whether the admin site opens."""
        return self.has_role(Role.EMPLOYEE)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Sessions end with the password, as Django has it, and with `token_version`, as tokens do.
        return salted_hmac(
            "accounts.User.session",
            f"{self.password}:{self.token_version}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    def get_full_name(self) -> str:
        """Return the name, or the address of somebody who gave none."""
        return self.full_name or self.email

    def get_short_name(self) -> str:
        """Return the first word of the name."""
        return self.get_full_name().split()[0]

    @property
    def needs_second_factor(self) -> bool:
        """Whether the shop asks people with this role for a second factor."""
        return settings.STAFF_SECOND_FACTOR_REQUIRED and Role(self.role).includes(Role.EMPLOYEE)

    @property
    def lacks_second_factor(self) -> bool:
        """Whether one is asked for and not there: till it is, the role does not count."""
        return self.needs_second_factor and self.second_factor_at is None

    @property
    def may_be_signed_in(self) -> bool:
        """Whether sessions and tokens of the user count: active, and verified where that is asked.

        Asked with every request, so that switching the setting on reaches those signed in before.
        """
        return self.is_active and (self.is_verified or not settings.SIGN_IN_NEEDS_VERIFIED_EMAIL)

    @property
    def acting_role(self) -> Role:
        """The role that doors go by: staff without a required second factor act as customers."""
        return Role.CUSTOMER if self.lacks_second_factor else Role(self.role)

    def has_role(self, role: Role) -> bool:
        """Whether the user may act as `role`: theirs is `role` or includes it."""
        return self.acting_role.includes(role)

    # Django would let its superuser flag do everything, whatever the table and `acting_role` say.
    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether the user may do something like "catalog.change_book"."""
        return any(backend.has_perm(self, perm, obj) for backend in auth.get_backends())

    async def ahas_perm(self, perm: str, obj: Any = None) -> bool:
        """As `has_perm`, which never waits for anything."""
        return self.has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the user may do anything with an app."""
        return any(
            backend.has_module_perms(self, app_label)  # type: ignore[attr-defined]
            for backend in auth.get_backends()
        )

    async def ahas_module_perms(self, app_label: str) -> bool:
        """As `has_module_perms`."""
        return self.has_module_perms(app_label)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep Django's superuser flag equal to the ADMIN role, so that it can never drift."""
        self.is_superuser = self.role == Role.ADMIN
        super().save(*args, **kwargs)
