"""The demo's logins: one for each role, all verified."""

from django.db import transaction

from accounts.models import User
from accounts.services import users
from catalog.models import Branch, BranchStaff
from catalog.services import branch_staff
from core.roles import Role

PASSWORD = "bookstore-demo"  # noqa: S105  # told to everyone who sees the demo
_EMPLOYEE = "employee@example.com"
_WORKPLACES = ("warehouse", "haifa")
_LOGINS = [
    ("admin@example.com", "Avigail Admin", Role.ADMIN),
    ("manager@example.com", "Malka Manager", Role.MANAGER),
    (_EMPLOYEE, "Elias Employee", Role.EMPLOYEE),
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


def tie_employee() -> None:
    """Let the employee work in the warehouse and in one shop, unless they work somewhere already.

    Without a branch there is nowhere to receive goods.
    """
    employee = User.objects.get(email=_EMPLOYEE)
    if not BranchStaff.objects.filter(user=employee).exists():
        for branch in Branch.objects.active().filter(slug__in=_WORKPLACES):
            branch_staff.set_staff(branch_id=branch.pk, user_ids=[employee.pk], actor_id=None)


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
