"""Users on the staff desk: administrators change, managers look, nobody is locked out."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.selectors.second_factor import overview
from accounts.tests.factories import PASSWORD, AdminFactory, UserFactory
from accounts.tests.second_factors import give_app
from core.models import AuditEntry
from core.roles import Role
from tests.staff.forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-05")]
LIST = "/admin/accounts/user/"


@pytest.fixture
def administrator(desk):
    return desk(Role.ADMIN)


def change(user):
    return f"{LIST}{user.pk}/change/"


def save(client, user, **changes):
    data = filled(client.get(change(user))) | changes
    return client.post(change(user), {key: said for key, said in data.items() if said is not None})


def test_new_user_gets_role_and_password(administrator):
    said = {"email": " Dana@Example.com ", "role": "EMPLOYEE", "password": "a-long-passphrase"}
    page = administrator.get(f"{LIST}add/")
    assert administrator.post(f"{LIST}add/", filled(page, **said)).status_code == 302
    user = User.objects.get(email="dana@example.com")
    assert (user.role, user.check_password("a-long-passphrase")) == (Role.EMPLOYEE, True)
    entry = AuditEntry.objects.get(action="user.created")
    assert (entry.new_value, entry.actor_id) == ({"role": "EMPLOYEE"}, administrator.user.pk)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "password123"}, "password"),
        ({"email": "nonsense"}, "email"),
        ({"email": "admin@example.com"}, "email"),
        ({"role": "EMPEROR"}, "role"),
    ],
)
def test_senseless_user_comes_back_and_nobody_is_made(administrator, said, field):
    whole = {"email": "dana@example.com", "role": "EMPLOYEE", "password": "a-long-passphrase"}
    page = administrator.get(f"{LIST}add/")
    response = administrator.post(f"{LIST}add/", filled(page, **whole | said))
    assert list(response.context["adminform"].form.errors) == [field]
    assert (User.objects.count(), AuditEntry.objects.count()) == (1, 0)


def test_change_of_role_is_audited_and_ends_sessions(administrator):
    user = UserFactory(role=Role.EMPLOYEE)
    theirs = Client()
    theirs.force_login(user)
    assert theirs.get("/admin/").status_code == 200
    assert save(administrator, user, role="MANAGER").status_code == 302
    user.refresh_from_db()
    assert (user.role, user.token_version) == (Role.MANAGER, 1)
    assert theirs.get("/admin/").status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.old_value, entry.new_value) == (
        "user.role_changed",
        {"role": "EMPLOYEE"},
        {"role": "MANAGER"},
    )


def test_switched_off_user_is_out_at_once(administrator):
    user = UserFactory(role=Role.EMPLOYEE)
    theirs = Client()
    theirs.force_login(user)
    save(administrator, user, is_active=None)
    user.refresh_from_db()
    assert (user.is_active, user.token_version) == (False, 1)
    assert theirs.get("/admin/").status_code == 302
    assert AuditEntry.objects.get().new_value == {"is_active": False}


def test_name_and_address_change_without_leaving_them_in_the_trail(administrator):
    user = UserFactory()
    save(administrator, user, email="New@Example.com", full_name="Dana  New")
    user.refresh_from_db()
    assert (user.email, user.full_name, user.token_version) == ("new@example.com", "Dana New", 1)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.old_value, entry.new_value) == ("user.email_changed", None, None)


def test_taken_address_is_refused(administrator):
    taken, user = UserFactory(), UserFactory()
    response = save(administrator, user, email=taken.email.upper())
    assert response.status_code in (200, 409)
    user.refresh_from_db()
    assert user.email != taken.email


@pytest.mark.parametrize("changes", [{"role": "CUSTOMER"}, {"is_active": None}])
def test_last_administrator_stays(administrator, changes):
    response = save(administrator, administrator.user, **changes)
    assert response.status_code == 409
    assert "This is the last administrator." in response.content.decode()
    administrator.user.refresh_from_db()
    assert (administrator.user.role, administrator.user.is_active) == (Role.ADMIN, True)
    assert AuditEntry.objects.count() == 0


def test_one_of_two_administrators_may_go(administrator):
    other = AdminFactory()
    assert save(administrator, other, role="CUSTOMER").status_code == 302
    other.refresh_from_db()
    assert (other.role, other.is_superuser) == (Role.CUSTOMER, False)


def test_password_is_set_in_a_dialog_and_ends_sessions(administrator):
    user = UserFactory()
    url = f"{LIST}{user.pk}/set_password/"
    assert (
        administrator.post(url, {"_form_submitted": "on", "password": "short"}).status_code == 302
    )
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    administrator.post(url, {"_form_submitted": "on", "password": "a-long-passphrase"})
    user.refresh_from_db()
    assert (user.check_password("a-long-passphrase"), user.token_version) == (True, 1)
    assert AuditEntry.objects.get().action == "user.password_set"


def test_manager_reads_and_changes_nothing(manager):
    user = UserFactory()
    assert manager.get(change(user)).status_code == 200
    assert manager.post(change(user), {"role": "ADMIN"}).status_code == 403
    said = {"_form_submitted": "on", "password": "a-long-passphrase"}
    assert manager.post(f"{LIST}{user.pk}/set_password/", said).status_code == 403
    user.refresh_from_db()
    assert (user.role, user.check_password(PASSWORD)) == (Role.CUSTOMER, True)


def test_users_are_found_by_the_beginning_of_address_or_name(manager):
    wanted = UserFactory(email="zoe@example.com", full_name="Zoë Reader")
    UserFactory()
    for said in ("zoe@", "ZOE@EXAMPLE.COM", "zoë"):
        found = manager.get(LIST, {"q": said}).context["cl"].result_list
        assert [user.pk for user in found] == [wanted.pk]


def test_desk_has_no_second_way_to_change_a_password(administrator):
    assert administrator.get("/admin/password_change/").status_code == 404


@pytest.mark.req("AUTH-10")
def test_second_factor_is_seen_by_managers_and_reset_by_administrators(administrator, manager):
    user = UserFactory()
    reset = f"{LIST}{user.pk}/reset_second_factor/"
    assert "reset_second_factor" not in administrator.get(change(user)).content.decode()
    give_app(user)
    theirs = Client()
    theirs.force_login(user)
    assert "second factor since" in manager.get(change(user)).content.decode().lower()
    assert manager.post(reset, {"_form_submitted": "on"}).status_code == 403
    assert overview(user).is_on

    assert "reset_second_factor" in administrator.get(change(user)).content.decode()
    administrator.post(reset, {"_form_submitted": "on"})

    user.refresh_from_db()
    assert (user.second_factor_at, overview(user).is_on) == (None, False)
    assert theirs.get("/account/").status_code == 302
    entry = AuditEntry.objects.get(action="auth.second_factor_reset")
    assert (entry.actor_id, entry.entity_id) == (administrator.user.pk, str(user.pk))
    page = administrator.get(change(user)).content.decode()
    assert "has no second factor any more" in page


@pytest.mark.req("AUTH-10")
def test_administrators_do_not_reset_their_own_second_factor(administrator):
    admin = administrator.user
    give_app(admin)
    administrator.force_login(admin)

    administrator.post(f"{LIST}{admin.pk}/reset_second_factor/", {"_form_submitted": "on"})

    assert "Change your own second factor" in administrator.get(change(admin)).content.decode()
    assert overview(admin).is_on
