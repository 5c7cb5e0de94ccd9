"""`python -m benchmarks`: load the shop beside a bare view, say how fast it is and why.

Exits with 1 if any answer was not the expected one or an invariant of the shop broke. Speed alone
never fails a run: it says as much about the machine as about the shop.
"""

import argparse
import os
import sys
from pathlib import Path

import django

from benchmarks.environment import DATABASE, bench_environment, prepare_static_files


def main() -> int:
    """Measure what the command line asks for; return the exit status."""
    arguments = _arguments()
    file = arguments.titles.resolve() if arguments.titles else None
    with bench_environment(_database_for(file, arguments.rows)) as environment:
        django.setup()
        from benchmarks.dataset import ensure_dataset  # noqa: PLC0415 - needs the settings
        from benchmarks.runs import Run  # noqa: PLC0415

        titles = ensure_dataset(environment, file=file, count=arguments.rows)
        prepare_static_files(environment)
        return Run(
            environment,
            titles=titles,
            clients=arguments.clients,
            seconds=arguments.seconds,
            only=arguments.only,
        ).measure()


def _database_for(file: Path | None, rows: int) -> str:
    catalogue = file.name.split(".")[0] if file else f"demo_{rows}"
    return f"{DATABASE}_{catalogue}"[:63]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=10, help="of load for each scenario (default 10)"
    )
    parser.add_argument("--clients", type=int, default=16, help="at the same time (default 16)")
    parser.add_argument(
        "--rows", type=int, default=15_000, help="titles made of the demo's (default 15000)"
    )
    parser.add_argument(
        "--titles", type=Path, help="a catalogue for import_books, instead of the demo's books"
    )
    parser.add_argument(
        "--only",
        type=lambda text: text.split(","),
        default=[],
        help="list,genre,book,search,api-list,api-book,cart,checkout,service,race",
    )
    return parser.parse_args()


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parent.parent)
    sys.exit(main())
