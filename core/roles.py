"""Who somebody is to the shop. Each role includes the ones before it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """CUSTOMER < EMPLOYEE < MANAGER < ADMIN."""

    CUSTOMER = "CUSTOMER", _("Customer")
    EMPLOYEE = "EMPLOYEE", _("Employee")
    MANAGER = "MANAGER", _("Manager")
    ADMIN = "ADMIN", _("Administrator")

    @property
    def rank(self) -> int:
        """Position in the order of roles, 0 for customers."""
        return list(type(self)).index(self)

    def includes(self, other: "Role") -> bool:
        """Whether this role may do all that the other may."""
        return self.rank >= other.rank
