import pytest
from django.contrib.auth.hashers import check_password

from accounts.models import User
from accounts.tests import factories
from core.roles import Role

pytestmark = pytest.mark.django_db


@pytest.mark.req("AUTH-05")
@pytest.mark.parametrize(
    ("factory", "role", "is_staff", "is_superuser"),
    [
        (factories.UserFactory, Role.CUSTOMER, False, False),
        (factories.EmployeeFactory, Role.EMPLOYEE, True, False),
        (factories.ManagerFactory, Role.MANAGER, True, False),
        (factories.AdminFactory, Role.ADMIN, True, True),
    ],
)
def test_staff_flags_follow_the_role(factory, role, is_staff, is_superuser):
    user = User.objects.get(pk=factory().pk)

    assert (user.role, user.is_staff, user.is_superuser) == (role, is_staff, is_superuser)
    assert check_password(factories.PASSWORD, user.password)
