"""`python -m benchmarks.remembered`: what Redis remembers, what that saves, and life without it.

Readers ask for lists, genres and books, the popular ones more often (the n-th as often as 1/n),
first of a shop with Redis, then of the same shop whose Redis is not there. Prints requests a
second, CPU of the web server for one, and the share of questions that Redis could answer. Exits
with 1 if any answer was not 200.
"""

import argparse
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import django
import redis

from benchmarks import requests
from benchmarks.environment import (
    DATABASE,
    SHOP_PORT,
    bench_environment,
    prepare_static_files,
)
from benchmarks.loads import Load, LoadFailed, Script, run_load
from benchmarks.report import table
from benchmarks.servers import shop_server

CLIENTS = 16
REQUESTS_A_CLIENT = 1_000
LIST_PAGES = 40
NOBODY = "redis://127.0.0.1:1/0"


def main() -> int:
    """Measure with and without Redis; print both beside each other."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--titles", type=Path, help="a catalogue for import_books")
    parser.add_argument("--rows", type=int, default=15_000, help="titles made of the demo's")
    parser.add_argument("--seconds", type=float, default=10)
    said = parser.parse_args()
    name = said.titles.name.split(".")[0] if said.titles else f"demo_{said.rows}"
    with bench_environment(f"{DATABASE}_{name}"[:63]) as environment:
        django.setup()
        from benchmarks.dataset import ensure_dataset  # noqa: PLC0415 - needs the settings
        from benchmarks.subjects import choose_subjects  # noqa: PLC0415

        titles = said.titles.resolve() if said.titles else None
        ensure_dataset(environment, file=titles, count=said.rows)
        prepare_static_files(environment)
        subjects = choose_subjects()
        pages = {
            "list": [f"/books/?page={number}" for number in range(1, LIST_PAGES + 1)],
            "genre": [f"/genres/{slug}/" for slug in subjects.genres],
            "book": subjects.book_paths,
        }
        rows = [_compared(name, paths, environment, said.seconds) for name, paths in pages.items()]
    head = ("page", "with /s", "CPU ms", "answered", "without /s", "CPU ms")
    print(table(head, rows))
    return 0


def _compared(
    name: str, paths: Sequence[str], environment: dict[str, str], seconds: float
) -> tuple[str, ...]:
    scripts = [_popular(name, paths, client) for client in range(CLIENTS)]
    server = redis.Redis.from_url(environment["REDIS_URL"])
    server.flushdb()
    before = server.info("stats")
    with shop_server(environment) as pid:
        with_redis = _load(pid, scripts, seconds)
    after = server.info("stats")
    hits, misses = (after[key] - before[key] for key in ("keyspace_hits", "keyspace_misses"))  # type: ignore[index]
    with shop_server(environment | {"REDIS_URL": NOBODY}) as pid:
        without = _load(pid, scripts, seconds)
    return (
        name,
        *_figures(name, with_redis),
        f"{hits / max(1, hits + misses):.0%}",
        *_figures(name, without),
    )


def _popular(name: str, paths: Sequence[str], client: int) -> Script:
    chance = random.Random(client)
    weights = [1 / (place + 1) for place in range(len(paths))]
    return [
        (name, requests.get(path)) for path in chance.choices(paths, weights, k=REQUESTS_A_CLIENT)
    ]


def _load(pid: int, scripts: list[Script], seconds: float) -> Load:
    return run_load(port=SHOP_PORT, gunicorn_pid=pid, scripts=scripts, warm_up=1.0, seconds=seconds)


def _figures(name: str, load: Load) -> tuple[str, str]:
    return f"{load.rate(name):,.0f}", f"{load.cpu_of_one(name).web:.2f}"


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parent.parent)
    try:
        sys.exit(main())
    except LoadFailed as error:
        sys.exit(f"An answer was not the expected one: {error}")
