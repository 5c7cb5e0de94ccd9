"""`python -m benchmarks.audit_trail [--rows N]`: pages of a long audit trail, with their plans.

Fills a database of its own with ten million entries over three years (made once, then kept), and
asks for pages as the desk and the API do: the first, one of each filter, days long ago, pairs of
filters, rare values. Prints the median of seven runs of the page and of its capped count, and the
plan of the slowest. Exits with 1 when any page takes longer than 300 ms.
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import time
import uuid
from typing import Any

import django
from django.db import connection

from benchmarks.environment import bench_environment, manage
from benchmarks.report import table

DATABASE = "bookstore_bench_audit"
ROWS = 10_000_000
LIMIT_MS = 300
RUNS = 7
# Six in ten entries are stock, a quarter books; 400 people; eleven seconds between two.
_FILL = """
    INSERT INTO core_auditentry (entity_type, entity_id, action, actor_id, old_value, new_value,
                                 context, request_id, created_at)
    SELECT (ARRAY['inventory', 'book', 'order', 'user', 'genre'])[kind], (n * 7919 % 200000)::text,
           (ARRAY['stock.changed', 'book.updated', 'order.status_changed', 'auth.login_succeeded',
                  'genre.moved'])[kind],
           ('00000000-0000-7000-8000-' || lpad((n % 400)::text, 12, '0'))::uuid,
           '{"quantity": 3}', '{"quantity": 4}', '{"reason": "CORRECTION"}', '',
           timestamptz '2023-01-01' + n * interval '11 seconds'
      FROM generate_series(%s::bigint, %s::bigint) AS n,
           LATERAL (SELECT width_bucket(n % 100, ARRAY[0, 60, 85, 97, 99])) AS of (kind)
"""
_RARE = """
    INSERT INTO core_auditentry (entity_type, entity_id, action, actor_id, context, request_id,
                                 created_at)
    SELECT 'branch', '3', 'branch.closed', NULL, '{}', '', timestamptz '2023-02-01'
      FROM generate_series(1, 3)
"""
_ACTOR = uuid.UUID("00000000-0000-7000-8000-000000000017")
_LONG_AGO = {"date_from": dt.date(2023, 3, 1), "date_to": dt.date(2023, 3, 7)}
_ASKED: dict[str, dict[str, Any]] = {
    "the newest": {},
    "one thing (book 4242)": {"entity_type": "book", "entity_id": "4242"},
    "one kind (genre)": {"entity_type": "genre"},
    "one kind, rare (branch)": {"entity_type": "branch"},
    "one action": {"action": "book.updated"},
    "one action, rare": {"action": "branch.closed"},
    "one person": {"actor": _ACTOR},
    "a week long ago": _LONG_AGO,
    "one action, a week long ago": {"action": "genre.moved"} | _LONG_AGO,
    "one person, a week long ago": {"actor": _ACTOR} | _LONG_AGO,
    "one person, one action": {"actor": _ACTOR, "action": "stock.changed"},
    "one person, an action never theirs": {"actor": _ACTOR, "action": "genre.moved"},
    "one kind, an action of another": {"entity_type": "book", "action": "genre.moved"},
}


def main() -> int:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    rows = parser.parse_args().rows
    with bench_environment(DATABASE) as environment:
        manage(environment, "migrate", "--verbosity=0")
        os.environ |= environment
        django.setup()
        _ensure_entries(rows)
        measured = {name: _median_ms(asked) for name, asked in _ASKED.items()}
        slowest = max(measured, key=lambda name: measured[name])
        print(table(("page of", "ms"), [(name, f"{ms:.1f}") for name, ms in measured.items()]))
        print(f"\nThe plan of the slowest ({slowest}):\n{_plan(_ASKED[slowest])}")
    return int(measured[slowest] > LIMIT_MS)


def _ensure_entries(rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_auditentry")
        if cursor.fetchone()[0] >= rows:
            return
        cursor.execute("SET synchronous_commit = off")
        for first in range(1, rows + 1, 1_000_000):
            cursor.execute(_FILL, [first, min(first + 999_999, rows)])
        cursor.execute(_RARE)
        cursor.execute("VACUUM ANALYZE core_auditentry")


def _median_ms(asked: dict[str, Any]) -> float:
    from core.pagination import Window  # noqa: PLC0415 - models need a set-up Django
    from core.selectors import audit  # noqa: PLC0415

    took = []
    for _run in range(RUNS):
        started = time.perf_counter()
        audit.entries(Window(offset=0, size=50), **asked)
        took.append((time.perf_counter() - started) * 1_000)
    return statistics.median(took)


def _plan(asked: dict[str, Any]) -> str:
    from core.selectors import audit  # noqa: PLC0415 - models need a set-up Django

    found = audit.narrowed(**asked)
    page = found[:51].explain(analyze=True, buffers=True)
    return f"{page}\n\nits count:\n{found.order_by()[:10_001].explain(analyze=True)}"


if __name__ == "__main__":
    sys.exit(main())
