"""`python -m benchmarks.desk`: how long the staff desk's pages take in a big shop.

Fills a database of its own (100,000 books, a million movements and audit rows), then asks the real
gunicorn for Today, for every list, for some searches and filters and for the palette, as an
administrator, in turns with the bare view. Milliseconds until the last byte, medians; queries are
counted in process. Exits with 1 if a page takes more than 300 ms, or a list more than 15 queries.
"""

import argparse
import http.client
import os
import statistics
import sys
import time

import django
from django.test import Client

from benchmarks import environment as bench
from benchmarks.report import table

DATABASE = f"{bench.DATABASE}_desk"
MOST_MS = 300
MOST_QUERIES = 15
TIMES = 7
UNCOUNTED = "Today, nothing counted yet"


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", type=int, default=100_000)
    parser.add_argument("--movements", type=int, default=1_000_000)
    sizes = parser.parse_args()
    with bench.bench_environment(f"{DATABASE}_{sizes.books}") as environment:
        os.environ["LOG_LEVEL"] = "WARNING"  # in this process
        django.setup()
        from benchmarks import desk_data  # noqa: PLC0415 - needs the environment

        bench.manage(environment, "migrate", "--verbosity=0")
        desk_data.fill(environment["DATABASE_URL"], books=sizes.books, movements=sizes.movements)
        bench.prepare_static_files(environment)
        return _measure(environment, sizes)


def _measure(environment: dict[str, str], sizes: argparse.Namespace) -> int:
    from benchmarks.servers import both_servers  # noqa: PLC0415 - as above

    client, cookie = _signed_in()
    pages = _pages(sizes.books)
    rows, too_much = [], []
    with both_servers(environment, 1):
        shop = http.client.HTTPConnection("127.0.0.1", bench.SHOP_PORT, timeout=60)
        bare = http.client.HTTPConnection("127.0.0.1", bench.BARE_PORT, timeout=60)
        for name, path in pages.items():
            forgets = name == UNCOUNTED
            queries = _queries(client, path, forgets=forgets)
            # The server closes what was idle meanwhile; the next request opens it anew.
            shop.close()
            bare.close()
            first, *times = [
                _milliseconds(shop, path, cookie, forgets=forgets) for _ in range(TIMES + 1)
            ]
            view = statistics.median(_milliseconds(bare, "/1/", "") for _ in range(TIMES))
            median = statistics.median(times)
            if median > MOST_MS or (queries > MOST_QUERIES and "change" not in path):
                too_much.append(name)
            rows.append(
                (
                    name,
                    str(queries),
                    f"{first:.0f}",
                    f"{median:.0f}",
                    f"{max(times):.0f}",
                    f"{view:.1f}",
                )
            )
    head = ("page", "queries", "first ms", "median ms", "longest ms", "bare ms")
    print(f"{sizes.books:,} books, {sizes.movements:,} movements and audit rows\n")
    print(table(head, rows))
    print(f"\nOver {MOST_MS} ms or {MOST_QUERIES} queries: {', '.join(too_much) or 'none'}.")
    return 1 if too_much else 0


def _signed_in() -> tuple[Client, str]:
    from django.conf import settings  # noqa: PLC0415 - as above

    from accounts.models import User  # noqa: PLC0415

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(email="reader1@example.com"))
    name = settings.SESSION_COOKIE_NAME
    return client, f"{name}={client.cookies[name].value}"


def _pages(books: int) -> dict[str, str]:
    """Today, every list, what people do to the longest of them, and the palette."""
    from django.contrib import admin  # noqa: PLC0415 - as above

    pages = {"Today": "/admin/", UNCOUNTED: "/admin/"}
    for model in sorted(admin.site._registry, key=lambda each: each._meta.label):
        opts = model._meta
        pages[opts.verbose_name_plural] = f"/admin/{opts.app_label}/{opts.model_name}/"
    book, stock, audit = (
        "/admin/catalog/book/",
        "/admin/catalog/inventory/",
        "/admin/core/auditentry/",
    )
    isbn = f"978{books // 2:09d}"
    pages |= {
        "books, last page that is counted": f"{book}?p={min(200, books // 50)}",
        "books by price": f"{book}?o=4",
        "books: search for a word": f"{book}?q=winter",
        "books: search for an ISBN's beginning": f"{book}?q={isbn}",
        "books without a price": f"{book}?lacks=price",
        "books without a cover": f"{book}?lacks=cover",
        "books wanted": f"{book}?lacks=stock",
        "books of a genre": f"{book}?genre=1",
        "stock that is low": f"{stock}?stock=low",
        "stock: search": f"{stock}?q=winter",
        "movements by reason": "/admin/catalog/stockmovement/?reason__exact=RECEIVED",
        "movements: search": "/admin/catalog/stockmovement/?q=winter",
        "audit of one book": f"{audit}?entity_type=book&q=5",
        "audit by action": f"{audit}?action=stock.changed",
        "orders to pick": "/admin/commerce/order/?work=pick",
        "orders: search by address": "/admin/commerce/order/?q=reader77@example.com",
        "palette: a word": "/admin/search/?s=winter",
        "palette: an ISBN": f"/admin/search/?s={_with_check_digit(isbn)}",
        "palette: an order": "/admin/search/?s=B000005",
        "a book": f"{book}{books // 2}/change/",
    }
    return pages


def _with_check_digit(body: str) -> str:
    from stdnum import ean  # noqa: PLC0415 - as above

    return body + ean.calc_check_digit(body)


def _queries(client: Client, path: str, *, forgets: bool) -> int:
    """How many queries a page takes: with its numbers counted, as they are for half a minute."""
    from django.core.cache import cache  # noqa: PLC0415 - as above
    from django.db import connection  # noqa: PLC0415

    counted = 0

    def count(execute, sql, params, many, context):  # noqa: ANN001, ANN202 - Django's hook
        nonlocal counted
        counted += 1
        return execute(sql, params, many, context)

    client.get(path)
    if forgets:
        cache.clear()
    with connection.execute_wrapper(count):
        answer = client.get(path)
    if answer.status_code != 200:
        message = f"{path}: {answer.status_code}"
        raise SystemExit(message)
    return counted


def _milliseconds(
    connection: http.client.HTTPConnection, path: str, cookie: str, *, forgets: bool = False
) -> float:
    if forgets:
        from django.core.cache import cache  # noqa: PLC0415 - as above

        cache.clear()
    began = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    answer.read()
    taken = (time.perf_counter() - began) * 1000
    if answer.status != 200:
        message = f"{path}: {answer.status}"
        raise SystemExit(message)
    return taken


if __name__ == "__main__":
    sys.exit(main())
