"""Finding people."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from accounts.models import User
from core.errors import NotAuthenticated
from core.pagination import Page, Window, paginate
from core.roles import Role

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

    None once they are switched off, signed out everywhere, or signed out of this very sign-in, and
    while the shop asks for a verified address that they lack.
    """
    found = User.objects.raw(_SIGNED_IN, [user_id, version, family_id])
    user = next(iter(found), None)
    return user if user is not None and user.may_be_signed_in else None


def user_by_email(email: str) -> User | None:
    """Return the user with this address, whatever its case; for staff and commands only."""
    return User.objects.filter(email=email.strip().lower()).first()


def users_matching(users: QuerySet[User], text: str) -> QuerySet[User]:
    """Narrow `users` to those whose address or name begins with `text`, whatever its case."""
    return users.filter(Q(email__startswith=text.lower()) | Q(full_name__istartswith=text))


def user_list(
    window: Window, *, q: str = "", role: Role | None = None, is_active: bool | None = None
) -> Page[User]:
    """Return a page of everybody with an account, the newest first, for staff (two queries)."""
    users = User.objects.order_by("-id")
    if q.strip():
        users = users_matching(users, q.strip())
    if role is not None:
        users = users.filter(role=role)
    if is_active is not None:
        users = users.filter(is_active=is_active)
    return paginate(users, window)


def signed_in(user: AbstractBaseUser | AnonymousUser | User) -> User:
    """Return a request's user as the person it is; for doors that let nobody else in."""
    if not isinstance(user, User):
        raise NotAuthenticated
    return user
