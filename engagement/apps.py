"""Engagement: staff picks and whatever brings people back."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EngagementConfig(AppConfig):
    """What brings people back."""

    name = "engagement"
    verbose_name = _("Engagement")
