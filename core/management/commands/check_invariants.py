"""Prove on live data what must always hold."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.invariants import Verdict, check_all


class Command(BaseCommand):
    """Exits with 1 and names the breaches when an invariant does not hold."""

    help = "Check every invariant of the shop on the live database."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--json` for machines."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the checks and report."""
        verdicts = check_all()
        if options["json"]:
            report = {
                v.invariant.name: [list(map(str, row)) for row in v.breaches] for v in verdicts
            }
            self.stdout.write(json.dumps(report))
        else:
            for verdict in verdicts:
                self._write(verdict)
        if any(verdict.breaches for verdict in verdicts):
            raise SystemExit(1)

    def _write(self, verdict: Verdict) -> None:
        state = "BROKEN" if verdict.breaches else "holds"
        self.stdout.write(f"{state:7} {verdict.invariant.name}: {verdict.invariant.promise}")
        for row in verdict.breaches:
            self.stdout.write(f"        {row}")
