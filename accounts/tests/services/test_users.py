"""Who may change what others may do is looked at again under the lock."""

import pytest

from accounts import signals
from accounts.errors import LastAdministrator
from accounts.models import User
from accounts.services import users
from accounts.tests.factories import PASSWORD, AdminFactory, ManagerFactory, UserFactory
from accounts.tests.letterbox import deliver, letters_posted
from core.errors import NotAllowed
from core.models import AuditEntry
from core.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-05")]


def details_of(user):
    return {
        "user_id": user.pk,
        "email": user.email,
        "full_name": user.full_name,
        "role": Role.ADMIN,
        "is_active": True,
        "is_verified": True,
    }


@pytest.mark.parametrize("lost", [{"role": Role.MANAGER}, {"is_active": False}])
def test_administrator_who_was_demoted_meanwhile_changes_nobody(lost):
    AdminFactory()
    actor, user = AdminFactory(), UserFactory()
    User.objects.filter(pk=actor.pk).update(**lost)

    with pytest.raises(NotAllowed):
        users.change_access(user_id=user.pk, role=Role.ADMIN, actor_id=actor.pk)
    with pytest.raises(NotAllowed):
        users.save_user(**details_of(user), actor_id=actor.pk)
    with pytest.raises(NotAllowed):
        users.set_password(user_id=user.pk, password="a phrase of theirs", actor_id=actor.pk)

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert (user.role, AuditEntry.objects.count()) == (Role.CUSTOMER, 0)


def test_password_that_staff_set_is_told_to_its_owner():
    actor, user = AdminFactory(), UserFactory()

    users.set_password(user_id=user.pk, password="a phrase for now", actor_id=actor.pk)

    assert User.objects.get(pk=user.pk).check_password("a phrase for now")
    assert letters_posted() == [("password_changed", str(user.pk))]
    assert [entry.action for entry in AuditEntry.objects.all()] == ["user.password_set"]


def test_administrator_who_was_demoted_meanwhile_makes_nobody():
    actor = ManagerFactory()

    with pytest.raises(NotAllowed):
        users.create_user(
            email="new@example.com",
            full_name="",
            role=Role.ADMIN,
            password=PASSWORD,
            actor_id=actor.pk,
        )

    assert list(User.objects.all()) == [actor]


@pytest.mark.parametrize("was_verified", [True, False])
def test_address_that_staff_change_has_to_be_confirmed_again(was_verified):
    user = UserFactory(email="old@example.com", is_verified=was_verified)
    before = details_of(user)

    users.save_user(**before | {"email": "new@example.com"}, actor_id=AdminFactory().pk)

    user.refresh_from_db()
    assert (user.email, user.is_verified) == ("new@example.com", False)
    told = [(mail.to, mail.subject) for mail in deliver()]
    asked = (["new@example.com"], "Confirm your e-mail address for Folio & Leaf")
    notice = (["old@example.com"], "Your e-mail address at Folio & Leaf was changed")
    assert told == ([notice, asked] if was_verified else [asked])


def test_shop_itself_may_change_roles_but_keeps_an_administrator():
    administrator, manager = AdminFactory(), ManagerFactory()

    users.change_access(user_id=manager.pk, role=Role.EMPLOYEE, actor_id=None)
    with pytest.raises(LastAdministrator):
        users.change_access(user_id=administrator.pk, is_active=False, actor_id=None)

    manager.refresh_from_db()
    assert manager.role == Role.EMPLOYEE


def test_change_of_role_is_told_inside_the_transaction():
    """A receiver that fails undoes the change and its audit row."""
    actor, user = AdminFactory(), UserFactory()
    told = []

    def fail(**said):
        told.append((said["user_id"], said["old"], said["new"], said["actor_id"]))
        raise RuntimeError

    signals.role_changed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            users.change_access(user_id=user.pk, role=Role.MANAGER, actor_id=actor.pk)
    finally:
        signals.role_changed.disconnect(fail)

    user.refresh_from_db()
    assert told == [(user.pk, Role.CUSTOMER, Role.MANAGER, actor.pk)]
    assert (user.role, AuditEntry.objects.count()) == (Role.CUSTOMER, 0)
