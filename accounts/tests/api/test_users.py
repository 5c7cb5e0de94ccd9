"""/admin/users: managers find people, administrators change what they may; T051, T059."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import (
    PASSWORD,
    AdminFactory,
    EmployeeFactory,
    ManagerFactory,
    UserFactory,
)
from core.models import AuditEntry
from core.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-05")]


@pytest.fixture
def administrator(api):
    user = AdminFactory()
    api.sign_in(user.email, PASSWORD)
    return user


def change(api, user, **said):
    return api.patch(f"admin/users/{user.pk}", said)


def found(api, **query):
    answer = api.get("admin/users", query=query)
    assert answer.status_code == 200, answer.content
    return [row["email"] for row in answer.json()["data"]]


def changes():
    """The trail without sign-ins: (action, entity, actor, old, new)."""
    rows = AuditEntry.objects.exclude(action__startswith="auth.").order_by("id")
    return list(rows.values_list("action", "entity_id", "actor_id", "old_value", "new_value"))


def test_manager_lists_everybody_newest_first_in_the_envelope(api):
    manager, reader = ManagerFactory(), UserFactory()
    api.sign_in(manager.email, PASSWORD)

    answer = api.get("admin/users", query={"size": 1})

    assert answer.status_code == 200
    row = answer.json()["data"][0]
    assert row.pop("created_at").endswith("Z")
    assert row == {
        "id": str(reader.pk),
        "email": reader.email,
        "full_name": reader.full_name,
        "role": "CUSTOMER",
        "is_verified": True,
        "is_active": True,
    }
    page = answer.json()["pagination"]
    assert (page["page"], page["size"], page["total"], page["pages"]) == (1, 1, 2, 2)
    assert answer.headers["Cache-Control"] == (
        "max-age=0, no-cache, no-store, must-revalidate, private"
    )


def test_list_takes_limit_and_offset(api, administrator):
    first, second = UserFactory(), UserFactory()

    answer = api.get("admin/users", query={"limit": 1, "offset": 1})

    assert [row["email"] for row in answer.json()["data"]] == [first.email]
    assert answer.json()["pagination"]["limit"] == 1
    assert second.email in found(api)


def test_people_are_found_by_beginning_role_and_state(api, administrator):
    zoe = UserFactory(email="zoe@example.com", full_name="Zoë Reader")
    off = EmployeeFactory(is_active=False)

    for said in ("zoe@", "ZOE@EXAMPLE.COM", "zoë r", " zoe "):
        assert found(api, q=said) == [zoe.email], said
    assert found(api, q="oe@") == []
    assert found(api, q="%") == []
    assert found(api, role="EMPLOYEE") == [off.email]
    assert found(api, is_active="false") == [off.email]
    assert found(api, is_active="false", role="CUSTOMER") == []
    assert found(api, q="zoe", is_active="true", role="CUSTOMER") == [zoe.email]


@pytest.mark.parametrize(
    "query",
    [{"role": "EMPEROR"}, {"is_active": "maybe"}, {"email": "x"}, {"size": 101}, {"q": "x" * 255}],
)
def test_senseless_questions_are_refused(api, administrator, query):
    answer = api.get("admin/users", query=query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


def test_list_asks_the_same_questions_at_one_and_three_users(api, administrator):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            found(api, q="a", role="ADMIN", is_active="true")
        return len(captured)

    at_one = asked()
    AdminFactory(), AdminFactory()
    assert (at_one, asked()) == (3, 3)


@pytest.mark.parametrize(
    ("where", "column"),
    [
        ({"email__startswith": "zoe"}, "user_email_begins_idx"),
        ({"full_name__istartswith": "zoe"}, "user_name_idx"),
        ({"role": "ADMIN"}, "user_role_idx"),
    ],
)
def test_searches_use_an_index(where, column):
    User.objects.bulk_create(
        User(email=f"user{number}@example.com", full_name=f"User {number}")
        for number in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_user")
    assert column in User.objects.filter(**where).order_by("-id").explain()


def test_administrator_gives_a_role_and_everything_of_the_user_dies(api, administrator, client):
    user = EmployeeFactory()
    client.force_login(user)
    theirs = type(api)()
    pair = theirs.sign_in(user.email, PASSWORD)

    answer = change(api, user, role="MANAGER")

    assert (answer.status_code, answer.json()["data"]["role"]) == (200, "MANAGER")
    assert changes() == [
        (
            "user.role_changed",
            str(user.pk),
            administrator.pk,
            {"role": "EMPLOYEE"},
            {"role": "MANAGER"},
        )
    ]
    assert client.get("/admin/").status_code == 302
    assert theirs.get("users/me").status_code == 401
    assert theirs.post("auth/refresh", {"refresh": pair["refresh"]}).status_code == 401


def test_administrator_switches_off_and_on(api, administrator):
    user = UserFactory()
    theirs = type(api)()
    theirs.sign_in(user.email, PASSWORD)

    assert change(api, user, is_active=False).json()["data"]["is_active"] is False
    assert theirs.get("users/me").status_code == 401
    assert change(api, user, is_active=True).json()["data"]["is_active"] is True
    assert theirs.get("users/me").status_code == 401
    assert [row[3:] for row in changes()] == [
        ({"is_active": True}, {"is_active": False}),
        ({"is_active": False}, {"is_active": True}),
    ]


def test_both_change_together_or_not_at_all(api, administrator):
    user = ManagerFactory()

    answer = change(api, user, role="EMPLOYEE", is_active=False)

    shown = answer.json()["data"]
    assert (answer.status_code, shown["role"], shown["is_active"]) == (200, "EMPLOYEE", False)
    assert [row[0] for row in changes()] == ["user.changed", "user.role_changed"]


@pytest.mark.parametrize("said", [{}, {"role": "CUSTOMER"}, {"is_active": True}])
def test_what_is_so_already_changes_nothing(api, administrator, said):
    user = UserFactory()

    assert change(api, user, **said).status_code == 200
    user.refresh_from_db()
    assert (user.token_version, changes()) == (0, [])


@pytest.mark.parametrize(
    "said", [{"role": "EMPEROR"}, {"is_active": "maybe"}, {"role": None}, {"email": "a@b.cd"}]
)
def test_senseless_change_is_refused(api, administrator, said):
    user = UserFactory()

    answer = change(api, user, **said)

    assert (answer.status_code, list(answer.json()["error"]["details"])) == (400, list(said))
    assert changes() == []


def test_unknown_user_is_not_found(api, administrator):
    answer = api.patch(f"admin/users/{uuid.uuid4()}", {"role": "MANAGER"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("said", [{"role": "MANAGER"}, {"is_active": False}])
def test_last_administrator_stays(api, administrator, said):
    AdminFactory(is_active=False)

    answer = change(api, administrator, **said)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "LAST_ADMINISTRATOR")
    administrator.refresh_from_db()
    assert (administrator.role, administrator.is_active, changes()) == (Role.ADMIN, True, [])


def test_one_of_two_administrators_may_step_down_and_is_out_at_once(api, administrator):
    AdminFactory()

    assert change(api, administrator, role="CUSTOMER").status_code == 200
    assert api.get("users/me").status_code == 401


def test_manager_may_look_but_change_nobody(api):
    manager, user = ManagerFactory(), UserFactory()
    api.sign_in(manager.email, PASSWORD)

    for whom in (user, manager):
        answer = change(api, whom, role="ADMIN")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "PERMISSION_DENIED")
    assert changes() == []
