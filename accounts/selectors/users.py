"""Finding people."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from core.errors import NotAuthenticated

# Asked with every request that carries a token, so written down: see core.rows.
_SIGNED_IN = """
    SELECT person.*
      FROM accounts_user person
      JOIN accounts_refreshfamily family ON family.user_id = person.id
     WHERE person.id = %s AND person.is_active AND person.token_version = %s
       AND family.id = %s AND family.revoked_at IS NULL
"""


def user_signed_in_by(*, user_id: uuid.UUID, family_id: uuid.UUID, version: int) -> User | None:
    """Return the user an access token speaks for, in one query.

    None once they are switched off, signed out everywhere, or signed out of this very sign-in.
    """
    found = User.objects.raw(_SIGNED_IN, [user_id, version, family_id])
    return next(iter(found), None)


def user_by_email(email: str) -> User | None:
    """Return the user with this address, whatever its case; for staff and commands only."""
    return User.objects.filter(email=email.strip().lower()).first()


def signed_in(user: AbstractBaseUser | AnonymousUser | User) -> User:
    """Return a request's user as the person it is; for doors that let nobody else in."""
    if not isinstance(user, User):
        raise NotAuthenticated
    return user
