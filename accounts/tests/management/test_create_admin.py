import getpass
import io

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command

from accounts.management.commands.create_admin import PASSWORD_VARIABLE
from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory
from core.models import AuditEntry
from core.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-05")]
GOOD = "a long enough phrase"


def create_admin(*args):
    out = io.StringIO()
    call_command("create_admin", *args, stdout=out)
    return out.getvalue()


def audited():
    return [
        (entry.action, entry.entity_id, entry.actor_id, entry.old_value, entry.new_value)
        for entry in AuditEntry.objects.all()
    ]


def test_create_admin_takes_the_password_from_the_environment(monkeypatch):
    monkeypatch.setenv(PASSWORD_VARIABLE, GOOD)

    said = create_admin(" Root@Example.com", "--name", "Ada Lovelace")

    user = User.objects.get()
    assert (user.email, user.full_name, user.role) == (
        "root@example.com",
        "Ada Lovelace",
        Role.ADMIN,
    )
    assert user.is_staff
    assert user.is_superuser
    assert check_password(GOOD, user.password)
    assert "root@example.com" in said
    assert GOOD not in said
    assert audited() == [("user.created", str(user.pk), None, None, {"role": "ADMIN"})]


def test_create_admin_asks_for_the_password_twice(monkeypatch):
    answers = iter([GOOD, GOOD])
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    monkeypatch.setattr(getpass, "getpass", lambda prompt: next(answers))

    create_admin("root@example.com")

    assert check_password(GOOD, User.objects.get().password)


@pytest.mark.parametrize(
    ("email", "passwords", "sentence"),
    [
        ("no-address", [GOOD, GOOD], "valid email"),
        ("root@example.com", ["short", "short"], "too short"),
        ("root@example.com", ["password123", "password123"], "too common"),
        ("root@example.com", [GOOD, GOOD + "x"], "differ"),
        ("known@example.com", [GOOD, GOOD], "--promote"),
        ("KNOWN@example.com", [GOOD, GOOD], "--promote"),
    ],
)
def test_create_admin_refuses_and_stores_nothing(monkeypatch, email, passwords, sentence):
    UserFactory(email="known@example.com")
    before = list(User.objects.values())
    answers = iter(passwords)
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    monkeypatch.setattr(getpass, "getpass", lambda prompt: next(answers))

    with pytest.raises(CommandError, match=sentence):
        create_admin(email)

    assert list(User.objects.values()) == before
    assert audited() == []


def test_create_admin_without_a_terminal_names_the_variable(monkeypatch):
    def closed(prompt):
        raise EOFError

    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    monkeypatch.setattr(getpass, "getpass", closed)

    with pytest.raises(CommandError, match=PASSWORD_VARIABLE):
        create_admin("root@example.com")

    assert User.objects.count() == 0


def test_promote_gives_the_role_and_keeps_the_password():
    user = UserFactory(email="known@example.com")

    create_admin("KNOWN@example.com", "--promote")
    create_admin("known@example.com", "--promote")

    promoted = User.objects.get()
    assert (promoted.role, promoted.is_superuser) == (Role.ADMIN, True)
    assert check_password(PASSWORD, promoted.password)
    assert promoted.token_version == user.token_version + 1
    assert audited() == [
        (
            "user.role_changed",
            str(user.pk),
            None,
            {"role": "CUSTOMER"},
            {"role": "ADMIN"},
        )
    ]


def test_promote_needs_an_account():
    with pytest.raises(CommandError, match="no account"):
        create_admin("nobody@example.com", "--promote")

    assert User.objects.count() == 0
