"""`python -m benchmarks.logins`: how many sign-ins a second the machine bears, and in what memory.

Clients sign in over the API with the right password, in turns with the bare view; beside it stand
Argon2 with several costs, on one core and with sixteen at once. Says how much of the machine
PASSWORD_CHECKS_PER_MINUTE lets strangers keep busy. Exits with 1 if an answer was not 200, or if
that is more than half of it.
"""

import os
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django
import psutil
from argon2.low_level import Type, hash_secret

from benchmarks import environment as bench
from benchmarks import loads, requests
from benchmarks.report import table

DATABASE = f"{bench.DATABASE}_logins"
BOOKS = 200  # for the bare view
TURNS = 3
CLIENTS = 16
SECONDS = 8.0
PASSWORD = "a phrase for measuring"
MOST_OF_THE_MACHINE = 0.5
COSTS = {  # name: KiB, passes, lanes
    "Django's default": (102_400, 2, 8),
    "OWASP, 46 MiB": (47_104, 1, 1),
    "OWASP, 19 MiB": (19_456, 2, 1),
    "the shop's": (47_104, 2, 1),
}


def main() -> int:
    """Measure and print; return the exit status."""
    with bench.bench_environment(DATABASE) as environment:
        django.setup()
        from django.conf import settings  # noqa: PLC0415 - needs the environment

        from benchmarks.dataset import ensure_dataset  # noqa: PLC0415

        ensure_dataset(environment, file=None, count=BOOKS)
        bench.prepare_static_files(environment)
        print(table(("Argon2id", "ms", "CPU ms", "16 at once, /s", "MiB for 16"), _costs()))
        load, bare, peak = _measure(environment)
        ceiling = settings.PASSWORD_CHECKS_PER_MINUTE / 60
    cpu = load.cpu_of_one("login")
    possible = (os.cpu_count() or 1) * 1000 / cpu.total
    row = (
        f"{load.rate('login'):.1f}",
        f"{load.percentile('login', 50):.0f}",
        f"{load.percentile('login', 95):.0f}",
        f"{bare.rate('bare'):,.0f}",
        f"{cpu.web:.1f}",
        f"{cpu.total / bare.cpu_of_one('bare').total:.0f}",
        f"{load.others:.0%}",
        f"{possible:.0f}",
        f"{peak:.0f}",
    )
    head = ("sign-ins /s", "p50 ms", "p95 ms", "bare /s", "web CPU ms", "x bare", "others")
    print("\n" + table((*head, "CPU allows /s", "peak MiB of the web"), [row]))
    share = ceiling / possible
    print(f"\nThe ceiling for strangers, {ceiling:.0f} a second, is {share:.0%} of the machine.")
    return 0 if share <= MOST_OF_THE_MACHINE else 1


def _costs() -> list[tuple[str, ...]]:
    return [(name, *_cost(*cost)) for name, cost in COSTS.items()]


def _cost(memory: int, passes: int, lanes: int) -> tuple[str, ...]:
    def hash_once(_number: int) -> tuple[float, float]:
        began, cpu = time.perf_counter(), time.process_time()
        hash_secret(
            b"correct horse battery",
            b"0123456789abcdef",
            time_cost=passes,
            memory_cost=memory,
            parallelism=lanes,
            hash_len=32,
            type=Type.ID,
        )
        return time.perf_counter() - began, time.process_time() - cpu

    alone = [hash_once(number) for number in range(15)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        began = time.perf_counter()
        together = len(list(pool.map(hash_once, range(4 * CLIENTS))))
        rate = together / (time.perf_counter() - began)
    wall, cpu = (statistics.median(column) * 1000 for column in zip(*alone, strict=True))
    return f"{wall:.0f}", f"{cpu:.0f}", f"{rate:.0f}", f"{CLIENTS * memory / 1024:,.0f}"


def _measure(environment: dict[str, str]) -> tuple[loads.Load, loads.Load, float]:
    from benchmarks.servers import both_servers  # noqa: PLC0415 - as above
    from benchmarks.subjects import choose_subjects  # noqa: PLC0415

    book_id = choose_subjects().book_ids[0]
    sign_ins = [
        [("login", requests.post("/api/v1/auth/login", person, token=""))] for person in _people()
    ]
    bare_views = [[("bare", requests.get(f"/{book_id}/"))] for _ in sign_ins]
    load, bare = loads.Load(), loads.Load()
    with both_servers(environment, book_id) as servers:
        for _ in range(TURNS):
            bare.add(_load(bench.BARE_PORT, servers.bare_pid, bare_views, SECONDS / 2))
            load.add(_load(bench.SHOP_PORT, servers.shop_pid, sign_ins, SECONDS))
        peak = _peak_memory(servers.shop_pid)
    return load, bare, peak


def _load(port: int, pid: int, scripts: list[loads.Script], seconds: float) -> loads.Load:
    return loads.run_load(
        port=port, gunicorn_pid=pid, scripts=scripts, warm_up=1.0, seconds=seconds
    )


def _people() -> list[dict[str, str]]:
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415

    emails = [f"signer-{number}@bench.example.com" for number in range(CLIENTS)]
    User.objects.bulk_create(
        [User(email=email, is_verified=True) for email in emails], ignore_conflicts=True
    )
    User.objects.filter(email__in=emails).update(password=make_password(PASSWORD))
    return [{"email": email, "password": PASSWORD} for email in emails]


def _peak_memory(gunicorn_pid: int) -> float:
    """Return what master and workers held at most, in MiB, each at its own worst moment."""
    master = psutil.Process(gunicorn_pid)
    pids = [master.pid, *(child.pid for child in master.children(recursive=True))]
    lines = [Path(f"/proc/{pid}/status").read_text().splitlines() for pid in pids]
    peaks = [line.split()[1] for status in lines for line in status if line.startswith("VmHWM")]
    return sum(map(int, peaks)) / 1024


if __name__ == "__main__":
    os.chdir(bench.ROOT)
    sys.exit(main())
