"""`python -m benchmarks.known_addresses`: does the time of an answer tell who is registered?

Asks each route about addresses that are registered and about others, in turns, one request at a
time, each address once, against the real web server with a worker beside it. Prints medians, their
difference and how well a guesser who sees one time would do (0.50: no better than a coin).

Exits with 1 when status, body or headers differ, or medians by 10 ms or more.
"""

import argparse
import http.client
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import django

from benchmarks import environment as bench
from benchmarks.report import table

DATABASE = "bookstore_bench_addresses"
TRIES = 200
WARM_UP = 10
MOST_DIFFERENCE = 10.0  # milliseconds between medians
PASSWORD = "a phrase for measuring"
# What differs between any two answers, whoever asks.
OF_ITS_OWN = {"x-request-id", "date", "expires", "set-cookie", "content-length"}


@dataclass(frozen=True)
class Route:
    """Where to ask about an address. Pages take a form with a CSRF token, the API takes JSON."""

    name: str
    path: str
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def is_page(self) -> bool:
        """Whether it is a page's form."""
        return not self.path.startswith("/api/")


SECRETS = {"password": "not the right phrase"}
ROUTES = [
    Route("login", "/api/v1/auth/login", SECRETS),
    Route("register", "/api/v1/auth/register", {"password": PASSWORD}),
    Route("reset", "/api/v1/auth/password-reset"),
    Route("resend", "/api/v1/auth/resend-verification"),
    Route("login, page", "/account/login/", SECRETS),
    Route("register, page", "/account/register/", {"password": PASSWORD}),
    Route("reset, page", "/account/reset/"),
    Route("resend, page", "/account/verification/"),
    Route("sign-in link, page", "/account/login/link/"),
]


@dataclass
class Answers:
    """Milliseconds, and every kind of answer there was (status, headers, body)."""

    times: list[float] = field(default_factory=list)
    kinds: set[tuple[int, str, str]] = field(default_factory=set)


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.known_addresses")
    parser.add_argument("--tries", type=int, default=TRIES)
    parser.add_argument("--only", default="", help="routes whose name contains this")
    arguments = parser.parse_args()
    with bench.bench_environment(DATABASE) as environment:
        django.setup()
        from benchmarks.servers import shop_server  # noqa: PLC0415 - needs the settings

        bench.manage(environment, "migrate", "--verbosity=0")
        bench.prepare_static_files(environment)
        with shop_server(environment), _worker(environment):
            results = [
                (route, *_ask_about_both(route, arguments.tries))
                for route in ROUTES
                if arguments.only in route.name
            ]
    rows = [_row(*result) for result in results]
    head = ("", "known ms", "unknown ms", "difference", "guessing", "answers")
    print(table(head, rows))
    is_right = all(
        known.kinds == unknown.kinds and abs(_difference(known, unknown)) < MOST_DIFFERENCE
        for _route, known, unknown in results
    )
    return 0 if is_right else 1


def _ask_about_both(route: Route, tries: int) -> tuple[Answers, Answers]:
    print(f"{route.name} …", flush=True)
    known, unknown = Answers(), Answers()
    asked = list(zip(_registered(tries + WARM_UP), _strangers(tries + WARM_UP), strict=True))
    for number, pair in enumerate(asked):
        turns = [(known, pair[0]), (unknown, pair[1])]
        random.shuffle(turns)
        for answers, email in turns:
            milliseconds, kind = _ask(route, email)
            if number >= WARM_UP:
                answers.times.append(milliseconds)
                answers.kinds.add(kind)
    return known, unknown


def _ask(route: Route, email: str) -> tuple[float, tuple[int, str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", bench.SHOP_PORT, timeout=30)
    try:
        token, headers = _form_of(connection, route.path) if route.is_page else ("", {})
        fields = {"email": email, **route.fields}
        if route.is_page:
            body = urlencode(fields | {"csrfmiddlewaretoken": token})
        else:
            headers, body = {"Content-Type": "application/json"}, json.dumps(fields)
        started = time.perf_counter()
        connection.request("POST", route.path, body, headers)
        answer = connection.getresponse()
        raw = answer.read()
        milliseconds = (time.perf_counter() - started) * 1000
    finally:
        connection.close()
    names = ",".join(f"{k}={v}" for k, v in answer.getheaders() if k.lower() not in OF_ITS_OWN)
    cookies = sorted(
        value.partition("=")[0] for k, value in answer.getheaders() if k.lower() == "set-cookie"
    )
    return milliseconds, (answer.status, f"{names};{cookies}", _normal(raw.decode(), email))


def _form_of(connection: http.client.HTTPConnection, path: str) -> tuple[str, dict[str, str]]:
    connection.request("GET", path)
    answer = connection.getresponse()
    page = answer.read().decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    if found is None:
        raise RuntimeError(f"No form at {path}: {answer.status}")
    cookies = [value.split(";")[0] for value in answer.headers.get_all("Set-Cookie", [])]
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(cookies),
    }
    return found[1], headers


def _normal(body: str, email: str) -> str:
    """Return a body without what is different in any two of them."""
    body = body.replace(email, "E")
    body = re.sub(r'"(request_id|id|created_at)":\s*"[^"]*"', r'"\1":""', body)
    return re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", body)


def _registered(count: int) -> list[str]:
    """Return addresses that have an account and were never asked about; a fresh one each."""
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415

    emails, password = _strangers(count), make_password(PASSWORD)
    User.objects.bulk_create(User(email=email, password=password) for email in emails)
    return emails


def _strangers(count: int) -> list[str]:
    return [f"reader-{random.randrange(10**12):012}@bench.example.com" for _ in range(count)]


@contextmanager
def _worker(environment: dict[str, str]) -> Iterator[None]:
    """Run the worker that sends the mails: what it does must not show in the answers either."""
    with (bench.DATA_DIR / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "django", "procrastinate", "worker"],
            cwd=bench.ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(60)


def _difference(known: Answers, unknown: Answers) -> float:
    return statistics.median(known.times) - statistics.median(unknown.times)


def _guessing(known: Answers, unknown: Answers) -> float:
    """Return how often a known address took longer than an unknown one, or less if that is rarer.

    The area under the curve of the best guesser who sees one time: 0.5 is a coin, 1 is certain.
    """
    longer = sum((k > u) + (k == u) / 2 for k in known.times for u in unknown.times)
    share = longer / (len(known.times) * len(unknown.times))
    return max(share, 1 - share)


def _row(route: Route, known: Answers, unknown: Answers) -> tuple[str, ...]:
    is_same = known.kinds == unknown.kinds
    statuses = "/".join(str(status) for status in sorted({kind[0] for kind in known.kinds}))
    return (
        route.name,
        f"{statistics.median(known.times):.1f}",
        f"{statistics.median(unknown.times):.1f}",
        f"{_difference(known, unknown):+.1f}",
        f"{_guessing(known, unknown):.2f}",
        f"{statuses}, {'the same' if is_same else 'DIFFERENT'}",
    )


if __name__ == "__main__":
    os.chdir(bench.ROOT)
    sys.exit(main())
