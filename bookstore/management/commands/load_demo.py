"""Fill a database with the demo shop."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookstore.demo import loader


class Command(BaseCommand):
    """Never touches a real shop by accident: the setting DEMO or `--force` is needed."""

    help = "Load the demo shop: users, books, branches, stock. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--force` for a shop that is no demo."""
        parser.add_argument("--force", action="store_true", help="even without DEMO=true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it, or say that it is there."""
        if not (settings.DEMO or options["force"]):
            raise CommandError("This is no demo shop: set DEMO=true, or use --force.")
        loaded = loader.load()
        self.stdout.write("The demo shop is loaded." if loaded else "The demo shop is there.")
