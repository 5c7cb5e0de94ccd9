"""A chain's whole bookkeeping made by the database itself: books, stock, orders, the audit trail.

Everything follows from row numbers, so two runs of the same size are the same shop.
"""

import itertools
import time

import psycopg

_SERIES_OF_BOOKS = "generate_series(1, %(books)s) AS n"
_UUID = "('00000000-0000-7000-{kind}-' || lpad(n::text, 12, '0'))::uuid"


def _uuid(kind: str, number: str = "n") -> str:
    return _UUID.format(kind=kind).replace("n::text", f"({number})::text")


USER, ORDER, PAYMENT, COVER, RUN, EDIT = (f"8{kind:03}" for kind in range(6))
_CHECK_DIGIT = """(10 - (SELECT sum(substr(body, i, 1)::int * CASE WHEN i % 2 = 1 THEN 1 ELSE 3 END)
                   FROM generate_series(1, 12) AS i) % 10) % 10"""
_WORDS = "(ARRAY['winter','garden','letters','river','house','night','atlas','silence','islands'])"
_TITLE = f"initcap({_WORDS}[1 + n %% 9] || ' of the ' || {_WORDS}[1 + n / 9 %% 9]) || ' ' || n"

STEPS = {
    "users": f"""
        INSERT INTO accounts_user (id, password, is_superuser, email, full_name, role, is_active,
            is_verified, token_version, created_at)
        SELECT {_uuid(USER)}, '!', false, 'reader' || n || '@example.com', 'Reader ' || n,
            CASE WHEN n = 1 THEN 'ADMIN' WHEN n < 50 THEN 'EMPLOYEE' ELSE 'CUSTOMER' END, true,
            true, 0, now() - n * interval '1 minute'
        FROM generate_series(1, %(books)s / 5) AS n""",
    "publishers": """
        INSERT INTO catalog_publisher (id, name, slug)
        SELECT n, 'Publisher ' || n, 'publisher-' || n FROM generate_series(1, 1000) AS n""",
    "series": """
        INSERT INTO catalog_series (id, name, slug)
        SELECT n, 'Series ' || n, 'series-' || n FROM generate_series(1, %(books)s / 20) AS n""",
    "contributors": """
        INSERT INTO catalog_contributor (id, name, sort_name, slug, biography)
        SELECT n, 'Ada Writer' || n, 'writer' || n || ' ada', 'ada-writer' || n, ''
        FROM generate_series(1, %(books)s / 2) AS n""",
    "genres": """
        INSERT INTO catalog_genre (id, name, slug, position, parent_id)
        SELECT n, 'Genre ' || n, 'genre-' || n, n, CASE WHEN n > 12 THEN 1 + n %% 12 END
        FROM generate_series(1, 250) AS n""",
    "subject codes": """
        INSERT INTO catalog_genrecode (id, scheme, code, genre_id)
        SELECT n, 'THEMA', 'T' || n, 1 + n %% 250 FROM generate_series(1, 2000) AS n""",
    "branches": """
        INSERT INTO catalog_branch (id, name, slug, address, phone, is_warehouse, is_active,
            opening_hours)
        SELECT n, 'Branch ' || n, 'branch-' || n, n || ' Main Street', '', n = 1, true, '{}'
        FROM generate_series(1, 8) AS n""",
    "works": f"""
        INSERT INTO catalog_work (id, title, first_published_year)
        SELECT n, {_TITLE}, 1900 + n %% 120 FROM {_SERIES_OF_BOOKS}""",
    "books": f"""
        INSERT INTO catalog_book (id, isbn13, title, subtitle, sort_title, sort_author, slug,
            description, price, published_on, published_precision, language, format, pages,
            series_number, is_in_stock, version, created_at, updated_at, publisher_id, series_id,
            work_id, attributes, is_preorder_allowed)
        SELECT n, body || {_CHECK_DIGIT.replace("%", "%%")}, {_TITLE}, '', lower({_TITLE}),
            'writer' || (1 + n %% (%(books)s / 2)) || ' ada', 'book-' || n,
            repeat('A story in many words. ', 12),
            CASE WHEN n %% 97 > 0 THEN 20 + n %% 90 END, date '2000-01-01' + n %% 9000, 'DAY', 'en',
            (ARRAY['PAPERBACK', 'HARDBACK', 'EBOOK'])[1 + n %% 3], 200 + n %% 300, '', false, 1,
            now() - n * interval '1 second', now(), 1 + n %% 1000,
            CASE WHEN n %% 3 = 0 THEN 1 + n %% (%(books)s / 20) END, n, '{{}}', false
        FROM (SELECT n, '978' || lpad(n::text, 9, '0') AS body FROM {_SERIES_OF_BOOKS}) AS numbered
        """,
    "credits": f"""
        INSERT INTO catalog_bookcontributor (role, position, book_id, contributor_id)
        SELECT 'AUTHOR', 0, n, 1 + n %% (%(books)s / 2) FROM {_SERIES_OF_BOOKS}""",
    "places in genres": f"""
        INSERT INTO catalog_bookgenre (book_id, genre_id)
        SELECT n, 1 + n %% 250 FROM {_SERIES_OF_BOOKS} WHERE n %% 211 > 0""",
    "covers": f"""
        INSERT INTO catalog_cover (id, key, state, source_url, refusal, width, height, created_at,
            book_id)
        SELECT {_uuid(COVER)}, {_uuid(COVER)}, CASE WHEN n %% 500 = 0 THEN 'REFUSED' ELSE 'READY'
            END, '', '', 600, 900, now(), n FROM {_SERIES_OF_BOOKS} WHERE n %% 10 < 7""",
    "inventory": f"""
        INSERT INTO catalog_inventory (id, quantity, book_id, branch_id)
        SELECT 3 * (n - 1) + branch, 0, n, branch
        FROM {_SERIES_OF_BOOKS}, generate_series(1, 3) AS branch""",
    "movements": """
        INSERT INTO catalog_stockmovement (delta, reason, reference, created_at, inventory_id)
        SELECT CASE WHEN turn = 0 THEN 1 + n %% 12 WHEN turn %% 2 = 1 THEN -1 ELSE 1 END,
            CASE WHEN turn = 0 THEN 'OPENING' WHEN turn %% 2 = 1 THEN 'SALE' ELSE 'RECEIVED' END,
            '', now() - (%(movements)s - n) * interval '20 seconds',
            1 + (n - 1) %% (3 * %(books)s)
        FROM (SELECT n, (n - 1) / (3 * %(books)s) AS turn
              FROM generate_series(1, %(movements)s) AS n) AS numbered""",
    "quantities": """
        UPDATE catalog_inventory AS row SET quantity = total FROM (
            SELECT inventory_id, sum(delta) AS total FROM catalog_stockmovement GROUP BY 1
        ) AS ledger WHERE ledger.inventory_id = row.id""",
    "in-stock flags": """
        UPDATE catalog_book SET is_in_stock = true WHERE id IN
            (SELECT book_id FROM catalog_inventory WHERE quantity > 0)""",
    "stock requests": f"""
        INSERT INTO catalog_stockrequest (type, quantity, reason, status, requested_by_id, note,
            created_at, reviewed_at, book_id, branch_id)
        SELECT 'ADD_QUANTITY', 2, '', CASE WHEN n %% 5 = 0 THEN 'PENDING' ELSE 'APPROVED' END,
            {_uuid(USER, "2 + n %% 40")}, '', now(), CASE WHEN n %% 5 > 0 THEN now() END,
            1 + n %% %(books)s, 1 + n %% 8 FROM generate_series(1, %(books)s / 10) AS n""",
    "imports": f"""
        INSERT INTO catalog_importrun (id, filename, stored_as, format, sha256, size, state,
            fills_gaps_only, rows_done, bytes_done, counts, preview, error, created_at)
        SELECT {_uuid(RUN)}, 'feed-' || n || '.xml', '', 'onix', md5(n::text), 1000000,
            CASE WHEN n %% 50 = 0 THEN 'CHECKED' ELSE 'DONE' END, false, 5000, 1000000, '{{}}',
            '[]', '', now() - n * interval '1 hour' FROM generate_series(1, 2000) AS n""",
    "price edits": f"""
        INSERT INTO catalog_priceedit (id, rule, created_at)
        SELECT {_uuid(EDIT)},
            '{{"kind": "percent", "value": "5", "rounding": ".90", "changed": 1000}}', now()
        FROM generate_series(1, 200) AS n""",
    "price changes": f"""
        INSERT INTO catalog_pricechange (old_price, new_price, book_id, edit_id)
        SELECT 20, 21.9, book, {_uuid(EDIT)}
        FROM generate_series(1, 200) AS n, generate_series(1, 1000) AS book""",
    "picks": """
        INSERT INTO engagement_staffpick (bookseller, note, picked_on, position, is_active, book_id)
        SELECT 'Dana', 'Read it.', date '2026-01-01', n, true, n FROM generate_series(1, 500) AS n
        """,
    "slots": """
        INSERT INTO commerce_deliveryslot (id, day_of_week, starts_at, ends_at, capacity, is_active)
        SELECT n, n %% 7, make_time(8 + n / 7, 0, 0), make_time(10 + n / 7, 0, 0), 50, true
        FROM generate_series(1, 42) AS n""",
    "orders": f"""
        INSERT INTO commerce_order (id, number, status, fulfilment, subtotal, delivery_fee, tax,
            total, currency, created_at, updated_at, branch_id, user_id)
        SELECT {_uuid(ORDER)}, 'B' || lpad(n::text, 8, '0'),
            CASE WHEN n > %(books)s - 300
                 THEN (ARRAY['CONFIRMED', 'READY', 'IN_PROGRESS'])[1 + n %% 3]
                 WHEN n %% 40 = 0 THEN 'CANCELED' ELSE 'DELIVERED' END,
            'PICKUP', 80, 0, 12.2, 80, 'ILS', now() - (%(books)s - n) * interval '5 minutes', now(),
            1 + n %% 8, {_uuid(USER, "50 + n %% (%(books)s / 5 - 50)")}
        FROM {_SERIES_OF_BOOKS}""",
    "contacts": f"""
        INSERT INTO commerce_ordercontact (order_id, email, recipient, line1, line2, city, postcode,
            country, phone, delivery_preferences)
        SELECT {_uuid(ORDER)}, 'reader' || n || '@example.com', '', '', '', '', '', '', '', '{{}}'
        FROM {_SERIES_OF_BOOKS}""",
    "order lines": f"""
        INSERT INTO commerce_orderline (title, authors, isbn13, unit_price, quantity, line_total,
            tax_rate, tax, picked_status, book_id, order_id)
        SELECT book.title, '', book.isbn13, 40, 1, 40, 18, 6.1, 'PENDING', book.id, {_uuid(ORDER)}
        FROM {_SERIES_OF_BOOKS}, LATERAL (SELECT * FROM catalog_book
            WHERE id IN (n, 1 + (n + 7) %% %(books)s)) AS book""",
    "payments": f"""
        INSERT INTO commerce_payment (id, provider, method_token, status, amount, captured_amount,
            refunded_amount, currency, provider_reference, failure_code, created_at, updated_at,
            order_id)
        SELECT {_uuid(PAYMENT)}, 'mock', 'tok_visa', 'CAPTURED', 80, 80, 0, 'ILS', 'ref-' || n, '',
            now(), now(), {_uuid(ORDER)} FROM {_SERIES_OF_BOOKS}""",
    "audit trail": f"""
        INSERT INTO core_auditentry (entity_type, entity_id, action, actor_id, old_value, new_value,
            context, request_id, created_at)
        SELECT (ARRAY['book', 'inventory', 'order', 'user', 'genre'])[1 + n %% 5],
            (1 + n %% %(books)s)::text,
            (ARRAY['book.updated', 'stock.changed', 'order.confirmed', 'user.changed',
                   'genre.moved'])[1 + n %% 5],
            {_uuid(USER, "1 + n %% 40")}, '{{"price": "40.00"}}', '{{"price": "45.00"}}', '{{}}',
            '', now() - (%(movements)s - n) * interval '20 seconds'
        FROM generate_series(1, %(movements)s) AS n""",
}


def fill(database_url: str, *, books: int, movements: int) -> None:
    """Fill an empty, migrated database, unless it holds so much already."""
    sizes = {"books": books, "movements": movements}
    with psycopg.connect(database_url) as connection:
        found = connection.execute(
            "SELECT (SELECT count(*) FROM catalog_book),"
            " (SELECT count(*) FROM catalog_stockmovement)"
        ).fetchone()
        if found == (books, movements):
            return
        if found != (0, 0):
            message = f"the database holds {found} books and movements; drop it first"
            raise SystemExit(message)
        for name, statement in STEPS.items():
            began = time.perf_counter()
            connection.execute(statement, sizes)
            print(f"{name}: {time.perf_counter() - began:.1f} s", flush=True)
        _go_on_counting(connection)
    _index(books)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _go_on_counting(connection: psycopg.Connection) -> None:
    """Let the next id of every table be one that is free."""
    rows = connection.execute(
        "SELECT table_name FROM information_schema.columns"
        " WHERE column_name = 'id' AND is_identity = 'YES' AND table_schema = 'public'"
    ).fetchall()
    for (name,) in rows:
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'),"
            f" (SELECT coalesce(max(id), 0) + 1 FROM {name}), false)"
        )


def _index(books: int) -> None:
    from catalog.services import search_index  # noqa: PLC0415 - needs the environment

    began = time.perf_counter()
    for batch in itertools.batched(range(1, books + 1), 5_000):
        search_index.index_books(batch)
    print(f"search documents: {time.perf_counter() - began:.1f} s", flush=True)
