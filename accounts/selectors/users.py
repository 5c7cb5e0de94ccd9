"""Finding people."""

import uuid

from accounts.models import User


def user_signed_in_by(*, user_id: uuid.UUID, family_id: uuid.UUID, version: int) -> User | None:
    """Return the user an access token speaks for, in one query.

    None once they are switched off, signed out everywhere, or signed out of this very sign-in.
    """
    return User.objects.filter(
        pk=user_id,
        is_active=True,
        token_version=version,
        refresh_families__pk=family_id,
        refresh_families__revoked_at=None,
    ).first()


def user_by_email(email: str) -> User | None:
    """Return the user with this address, whatever its case; for staff and commands only."""
    return User.objects.filter(email=email.strip().lower()).first()
