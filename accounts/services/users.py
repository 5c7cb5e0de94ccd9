"""Accounts as administrators keep them: made, changed, switched off, given a password."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts import validators
from accounts.enums import Letter, TokenPurpose
from accounts.errors import LastAdministrator, UserExists
from accounts.models import User
from accounts.services import letters, mailed_links, one_time_tokens, roles, tokens
from core import locks
from core.errors import NotAllowed, NotFound
from core.roles import Role
from core.services import audit

SET_BY_STAFF = "password set"
EMAIL_CHANGED = "e-mail address changed"
SWITCHED_OFF = "switched off"


def create_user(
    *,
    email: str,
    full_name: str,
    role: Role,
    password: str,
    actor_id: uuid.UUID | None,
    is_verified: bool = False,
) -> User:
    """Make an account with a role and return it.

    Unless `is_verified`, its address still has to be confirmed: where signing in needs that, the
    link is mailed. Locks every active administrator. Raises `Invalid`, `UserExists` for a known
    address, and `NotAllowed` for an actor who is no administrator any more. Leaves an audit row.
    """
    user = User(
        email=validators.normal_email(email),
        full_name=validators.normal_name(full_name),
        role=role,
        is_verified=is_verified,
    )
    validators.check_new_password(password, user)
    user.set_password(password)
    with transaction.atomic():
        _locked_administrators(actor_id)
        with _nobody_elses_address():
            user.save(force_insert=True)
        audit.record_change(
            action="user.created",
            entity_type="user",
            entity_id=user.pk,
            actor_id=actor_id,
            new={"role": role.value},
        )
        if settings.SIGN_IN_NEEDS_VERIFIED_EMAIL and not is_verified:
            mailed_links.post_link(TokenPurpose.VERIFY_EMAIL, user=user)
    return user


def save_user(
    *,
    user_id: uuid.UUID,
    email: str,
    full_name: str,
    role: Role,
    is_active: bool,
    is_verified: bool,
    actor_id: uuid.UUID | None,
) -> User:
    """Store what an administrator changed about a user, all or nothing.

    Another role, another address or being switched off ends every session and token of the user at
    once. Nobody has proved that they read a new address: it has to be confirmed, whatever
    `is_verified` says, and the old one, if it was, is told. Locks every active administrator, then
    the user. Raises `Invalid`, `NotFound`, `Busy`,
    `UserExists`, `NotAllowed` for an actor who is no administrator any more, and
    `LastAdministrator` rather than leave the shop without one. Leaves an audit row for each kind of
    change; name and address are personal and stay out of it.
    """
    address = validators.normal_email(email)
    name = validators.normal_name(full_name)
    with transaction.atomic():
        user = locked_by_staff(user_id, actor_id)
        _keep_one_administrator(user, role=role, is_active=is_active)
        is_new = user.email != address
        if is_new:
            _store_address(user, address, actor_id)
        if user.full_name != name:
            user.full_name = name
            user.save(update_fields=["full_name"])
        is_verified = is_verified and not is_new
        _store_flags(user, is_active=is_active, is_verified=is_verified, actor_id=actor_id)
        return roles.change_role(user_id=user_id, role=role, actor_id=actor_id)


def change_access(
    *,
    user_id: uuid.UUID,
    role: Role | None = None,
    is_active: bool | None = None,
    actor_id: uuid.UUID | None,
) -> User:
    """Give a user another role, switch them on or off, or both; None leaves what there is.

    Every session and token of a user who lost anything ends at once. Locks, audits and raises as
    `save_user`.
    """
    with transaction.atomic():
        user = locked_by_staff(user_id, actor_id)
        role = Role(user.role) if role is None else role
        is_active = user.is_active if is_active is None else is_active
        _keep_one_administrator(user, role=role, is_active=is_active)
        _store_flags(user, is_active=is_active, is_verified=user.is_verified, actor_id=actor_id)
        return roles.change_role(user_id=user_id, role=role, actor_id=actor_id)


def set_password(*, user_id: uuid.UUID, password: str, actor_id: uuid.UUID | None) -> User:
    """Give a user another password; every session and token of theirs ends, and they get a letter.

    Locks every active administrator, then the user. Raises `Invalid`, `NotFound`, `Busy`, and
    `NotAllowed` for an actor who is no administrator any more. Leaves an audit row.
    """
    found = User.objects.filter(pk=user_id).first()
    if found is None:
        raise NotFound
    validators.check_new_password(password, found)
    # Before the transaction, as in `passwords`: hashing takes long for a lock.
    hashed = make_password(password)
    with transaction.atomic():
        user = locked_by_staff(user_id, actor_id)
        user.password = hashed
        user.save(update_fields=["password"])
        _end_all_of(user, SET_BY_STAFF)
        user.refresh_from_db(fields=["token_version"])
        _record("user.password_set", user, actor_id)
        letters.post(Letter.PASSWORD_CHANGED, user=user)
    return user


def locked_by_staff(user_id: uuid.UUID, actor_id: uuid.UUID | None) -> User:
    """Lock every active administrator, then the user, and return the user.

    Raises `NotFound`, `Busy`, and `NotAllowed` for an actor who is no administrator (any more).
    """
    _locked_administrators(actor_id)
    user = locks.lock_row(User.objects.filter(pk=user_id))
    if user is None:
        raise NotFound
    return user


def _locked_administrators(actor_id: uuid.UUID | None) -> None:
    # All administrators first: two who demote each other must not each count on the other.
    administrators = {each.pk for each in locks.lock_rows(_administrators())}
    if actor_id is not None and actor_id not in administrators:
        raise NotAllowed


def _keep_one_administrator(user: User, *, role: Role, is_active: bool) -> None:
    stays = is_active and role == Role.ADMIN
    if not stays and list(_administrators().values_list("pk", flat=True)) == [user.pk]:
        raise LastAdministrator


def _administrators() -> QuerySet[User]:
    return User.objects.filter(role=Role.ADMIN, is_active=True)


@contextmanager
def _nobody_elses_address() -> Iterator[None]:
    # The constraint decides: a look beforehand would miss whoever registers this very moment.
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise UserExists from error


def _store_address(user: User, address: str, actor_id: uuid.UUID | None) -> None:
    before, was_verified = user.email, user.is_verified
    user.email, user.is_verified = address, False
    with _nobody_elses_address():
        user.save(update_fields=["email", "is_verified"])
    _end_all_of(user, EMAIL_CHANGED)
    _record("user.email_changed", user, actor_id)
    if was_verified:
        letters.post_to(before, Letter.EMAIL_CHANGED, user=user)
    mailed_links.post_link(TokenPurpose.VERIFY_EMAIL, user=user)


def _store_flags(
    user: User, *, is_active: bool, is_verified: bool, actor_id: uuid.UUID | None
) -> None:
    before = {"is_active": user.is_active, "is_verified": user.is_verified}
    after = {"is_active": is_active, "is_verified": is_verified}
    if before == after:
        return
    User.objects.filter(pk=user.pk).update(**after)
    if user.is_active and not is_active:
        _end_all_of(user, SWITCHED_OFF)
    changed = [name for name in after if after[name] != before[name]]
    _record(
        "user.changed",
        user,
        actor_id,
        old={name: before[name] for name in changed},
        new={name: after[name] for name in changed},
    )


def _end_all_of(user: User, because: str) -> None:
    tokens.end_all_of(user_id=user.pk, because=because)
    one_time_tokens.drop_all_of(user)  # links in old mails, challenges that wait


def _record(
    action: str,
    user: User,
    actor_id: uuid.UUID | None,
    old: dict[str, bool] | None = None,
    new: dict[str, bool] | None = None,
) -> None:
    audit.record_change(
        action=action,
        entity_type="user",
        entity_id=user.pk,
        actor_id=actor_id,
        old=old,
        new=new,
    )
