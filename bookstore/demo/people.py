"""The demo's logins: one for each role, all verified."""

from django.db import transaction

from accounts.models import User
from accounts.services import users
from core.roles import Role

PASSWORD = "bookstore-demo"  # noqa: S105  # told to everyone who sees the demo
_LOGINS = [
    ("admin@example.com", "Avigail Admin", Role.ADMIN),
    ("manager@example.com", "Malka Manager", Role.MANAGER),
    ("employee@example.com", "Elias Employee", Role.EMPLOYEE),
    ("reader@example.com", "Rina Reader", Role.CUSTOMER),
]


def add_users() -> None:
    """Add the logins that are not there yet; those that are keep their password and role."""
    known = set(
        User.objects.filter(email__in=[email for email, _name, _role in _LOGINS]).values_list(
            "email", flat=True
        )
    )
    for email, name, role in _LOGINS:
        if email not in known:
            _add(email, name, role)


def _add(email: str, name: str, role: Role) -> None:
    with transaction.atomic():
        user = users.create_user(
            email=email, full_name=name, role=role, password=PASSWORD, actor_id=None
        )
        users.save_user(
            user_id=user.pk,
            email=email,
            full_name=name,
            role=role,
            is_active=True,
            is_verified=True,
            actor_id=None,
        )
