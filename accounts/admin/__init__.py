"""People on the staff desk."""

from accounts.admin.users import UserAdmin

__all__ = ["UserAdmin"]
