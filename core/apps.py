"""The shared kernel: it knows no other app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Errors, envelope, locks, audit, jobs, roles: what every app stands on."""

    name = "core"
    verbose_name = "Core"
