"""People for tests, all with the demo's password."""

import factory
from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.models import User
from core.roles import Role

PASSWORD = "bookstore-demo"


class UserFactory(factory.django.DjangoModelFactory):
    """A verified customer."""

    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"reader{number}@example.com")
    full_name = factory.Sequence(lambda number: f"Reader {number}")
    password = factory.django.Password(PASSWORD)
    role = Role.CUSTOMER
    is_verified = True


class EmployeeFactory(UserFactory):
    """Somebody at the till."""

    email = factory.Sequence(lambda number: f"employee{number}@example.com")
    role = Role.EMPLOYEE


class ManagerFactory(UserFactory):
    """Somebody who runs a branch."""

    email = factory.Sequence(lambda number: f"manager{number}@example.com")
    role = Role.MANAGER


class AdminFactory(UserFactory):
    """Somebody who may do everything."""

    email = factory.Sequence(lambda number: f"admin{number}@example.com")
    role = Role.ADMIN


def count_hashes(monkeypatch):
    """Return a list that grows by one for each Argon2 computation: the cost that tells on us."""
    done = []
    for name in ("encode", "verify"):
        compute = getattr(Argon2PasswordHasher, name)

        def counted(self, *args, compute=compute, **kwargs):
            done.append(compute.__name__)
            return compute(self, *args, **kwargs)

        monkeypatch.setattr(Argon2PasswordHasher, name, counted)
    return done
