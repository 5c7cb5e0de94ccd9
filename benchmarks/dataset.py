"""The measured shop's data: titles, a price and stock for each, branches. Made once, then kept."""

import json
from pathlib import Path

from django.db import connection

from benchmarks import environment as bench
from benchmarks import titles
from catalog.models import Book, Branch
from catalog.services import stock

COPIES = 200  # so that minutes of checkouts do not empty the warehouse
OTHER_BRANCHES_MOST = 6


def ensure_dataset(environment: dict[str, str], *, file: Path | None, count: int) -> int:
    """Migrate, and fill the database if it is empty; return the number of titles.

    `file` is a catalogue for `import_books`; without it the demo's books make `count` titles.
    """
    bench.manage(environment, "migrate", "--verbosity=0")
    if not Book.objects.exists():
        _load_branches()
        bench.manage(environment, "import_books", str(file or _written(count)))
    _set_prices()
    _ensure_stock()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return Book.objects.count()


def _written(count: int) -> Path:
    path = bench.DATA_DIR / "titles.jsonl"
    titles.write_titles(path, count)
    return path


def _load_branches() -> None:
    Branch.objects.bulk_create(
        Branch(
            **{name: branch[name] for name in ("name", "slug", "address", "is_warehouse")},
            opening_hours=branch["opening_hours"],
        )
        for branch in json.loads((titles.DEMO / "branches.json").read_text())
    )


def _set_prices() -> None:
    """Give every book a price from 30 to 150 that follows from its ISBN; feeds often have none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_book SET price = 30 + substr(isbn13, 4, 9)::bigint % 120 + 0.90"
            " WHERE price IS NULL"
        )


def _ensure_stock() -> None:
    """Give books copies that follow from their ISBN; one title in twenty has none anywhere."""
    branches = list(Branch.objects.order_by("-is_warehouse", "slug"))
    rows = []
    for book_id, isbn13 in Book.objects.values_list("pk", "isbn13").order_by("pk"):
        number = int(isbn13[3:12])
        if number % 20 == 0:
            continue
        for place, branch in enumerate(branches):
            copies = number // 20 // OTHER_BRANCHES_MOST**place % OTHER_BRANCHES_MOST
            rows.append((book_id, branch.pk, COPIES if branch.is_warehouse else copies))
    stock.receive_opening_stock(rows=rows)
