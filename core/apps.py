"""The shared kernel: it knows no other app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Errors, envelope, locks, audit, jobs, roles: what every app stands on."""

    name = "core"
    verbose_name = _("Records")

    def ready(self) -> None:
        """Say what the kernel's own tables hold about people."""
        from core import own_privacy

        own_privacy.declare()
