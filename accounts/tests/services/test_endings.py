"""T050 and T051: what ends a sign-in ends all of it at once, in the browser and on the API."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import BrowserSession, RefreshFamily, User
from accounts.services import roles, sessions, tokens, users, verification
from accounts.tests.factories import PASSWORD, AdminFactory, UserFactory
from accounts.tests.second_factors import give_app
from core.models import AuditEntry
from core.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-04")]
NEW = "another long enough phrase"


@pytest.fixture
def user():
    return UserFactory(email="ada@example.com", role=Role.EMPLOYEE)


@pytest.fixture
def admin():
    return AdminFactory()


def saved(user, admin, **changes):
    said = {
        "email": user.email,
        "full_name": user.full_name,
        "role": Role(user.role),
        "is_active": user.is_active,
        "is_verified": user.is_verified,
    }
    users.save_user(user_id=user.pk, actor_id=admin.pk, **said | changes)


ENDINGS = {
    "logged out everywhere": lambda user, admin: tokens.revoke_all(user=user, actor_id=user.pk),
    "logged out elsewhere": lambda user, admin: sessions.sign_out_elsewhere(
        user=user, here=sessions.sessions.Here()
    ),
    "password set": lambda user, admin: users.set_password(
        user_id=user.pk, password=NEW, actor_id=admin.pk
    ),
    "switched off": lambda user, admin: saved(user, admin, is_active=False),
    "address changed": lambda user, admin: saved(user, admin, email="ada@example.org"),
    "role taken": lambda user, admin: saved(user, admin, role=Role.CUSTOMER),
    "role given": lambda user, admin: roles.change_role(
        user_id=user.pk, role=Role.MANAGER, actor_id=admin.pk
    ),
    "deleted": lambda user, admin: User.objects.filter(pk=user.pk).delete(),
}


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS.keys())
def test_ending_kills_sessions_and_tokens_at_once(api, user, admin, end):
    browser = Client()
    browser.force_login(user)
    first = api.sign_in("ada@example.com", PASSWORD)
    second = api.post("auth/refresh", {"refresh": first["refresh"]}).json()["data"]
    neighbour = tokens.issue_pair(user=admin)
    bearer = {"Authorization": f"Bearer {second['access']}"}
    assert api.get("users/me", headers=bearer).status_code == 200
    assert browser.get("/api/v1/users/me").status_code == 200

    end(user, admin)

    for access in (first["access"], second["access"]):
        answer = api.get("users/me", headers={"Authorization": f"Bearer {access}"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "TOKEN_INVALID")
    for refresh in (second["refresh"], first["refresh"]):
        answer = api.post("auth/refresh", {"refresh": refresh})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "TOKEN_INVALID")
    assert browser.get("/api/v1/users/me").status_code == 401
    assert browser.get("/account/").status_code == 302
    assert BrowserSession.objects.filter(user_id=user.pk).count() == 0
    assert RefreshFamily.objects.filter(user_id=user.pk, revoked_at=None).count() == 0
    # Nobody stole anything, so nobody is told so; and nobody else is signed out.
    assert AuditEntry.objects.filter(action="auth.token_reused").count() == 0
    assert tokens.refresh_pair(refresh=neighbour.refresh, address="203.0.113.9")


def test_nothing_ends_when_nothing_changes(api, user, admin):
    pair = api.sign_in("ada@example.com", PASSWORD)

    saved(user, admin, full_name="Ada King")
    roles.change_role(user_id=user.pk, role=Role.EMPLOYEE, actor_id=admin.pk)

    assert api.get("users/me").status_code == 200
    assert api.post("auth/refresh", {"refresh": pair["refresh"]}).status_code == 200


def test_replay_of_the_first_token_kills_the_third_and_writes_to_the_owner(api, user):
    first = api.sign_in("ada@example.com", PASSWORD)
    second = api.post("auth/refresh", {"refresh": first["refresh"]}).json()["data"]
    third = api.post("auth/refresh", {"refresh": second["refresh"]}).json()["data"]

    codes = [
        api.post("auth/refresh", {"refresh": each["refresh"]}).json()["error"]["code"]
        for each in (first, third, second, first)
    ]

    assert codes == ["TOKEN_REUSED"] * 4
    bearer = {"Authorization": f"Bearer {third['access']}"}
    assert api.get("users/me", headers=bearer).status_code == 401
    assert AuditEntry.objects.filter(action="auth.token_reused").count() == 1
    letters = ProcrastinateJob.objects.filter(task_name="accounts.send_letter")
    assert [(job.args["letter"], job.args["user_id"]) for job in letters] == [
        ("token_reused", str(user.pk))
    ]
    assert RefreshFamily.objects.get().revoked_because == tokens.REUSED


# As docs/locking.md has it: whoever ends sign-ins in another order may wait for a rival in a ring.
ORDER = [
    "accounts_user",
    "mfa_authenticator",
    "accounts_refreshfamily",
    "accounts_browsersession",
    "accounts_onetimetoken",
]


def tables_held(work):
    """The tables of `ORDER` whose rows `work` locks or changes, in its order."""
    with CaptureQueriesContext(connection) as captured:
        work()
    pattern = re.compile(r'^(?:UPDATE|DELETE FROM|SELECT .* FROM) "(\w+)"(.*)', re.DOTALL)
    found = [pattern.match(query["sql"]) for query in captured]
    held = [
        match[1]
        for match in found
        if match and (not match[0].startswith("SELECT") or "FOR NO KEY UPDATE" in match[2])
    ]
    return list(dict.fromkeys(table for table in held if table in ORDER))


@pytest.mark.parametrize("name", sorted(set(ENDINGS) - {"deleted"}))
def test_endings_hold_rows_in_one_order(user, admin, name):
    give_app(user)
    tokens.issue_pair(user=user)
    Client().force_login(user)

    held = tables_held(lambda: ENDINGS[name](user, admin))

    assert set(held) >= {"accounts_refreshfamily", "accounts_browsersession"}
    assert held == sorted(held, key=ORDER.index)


def test_the_owner_s_coming_holds_rows_in_that_order_too(user):
    give_app(user)
    User.objects.update(is_verified=False)
    user.refresh_from_db()

    held = tables_held(lambda: verification.take_possession(user=user, keeps_password=True))

    assert held == ORDER
