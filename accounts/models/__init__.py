"""Users and the families of their refresh tokens."""

from accounts.models.refresh_families import RefreshFamily
from accounts.models.users import User

__all__ = ["RefreshFamily", "User"]
