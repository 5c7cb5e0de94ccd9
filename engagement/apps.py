"""Engagement: staff picks and whatever brings people back."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import policy
from core.roles import Role


class EngagementConfig(AppConfig):
    """What brings people back."""

    name = "engagement"
    verbose_name = _("Engagement")

    def ready(self) -> None:
        """Declare who may see and change what, and what is personal."""
        from engagement import privacy

        privacy.declare()
        policy.grant(Role.EMPLOYEE, "engagement.staffpick", policy.VIEW)
        policy.grant(Role.MANAGER, "engagement.staffpick", policy.FULL)
