"""Bring the database up to date before the shop opens."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """One process for both steps: starting Django twice is a third of a second start."""

    help = "Migrate and, in the demo, load the demo shop. Quick when there is nothing to do."

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate first: the demo's rows need their tables."""
        call_command("migrate", interactive=False, verbosity=0)
        if settings.DEMO:
            call_command("load_demo", stdout=self.stdout)
