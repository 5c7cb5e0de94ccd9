"""What people say about themselves."""

from accounts import validators
from accounts.models import User


def change_name(*, user: User, full_name: str) -> User:
    """Store another name for `user`. Raises `Invalid`. Names are personal: no audit row."""
    user.full_name = validators.normal_name(full_name)
    user.save(update_fields=["full_name"])
    return user
