"""The checkout service alone: `check_out` called from two processes with eight threads each.

    python -m benchmarks.checkout_service < plan.json > result.json

What remains when web server, HTTP and the API are taken away from an order. Every shopper of the
plan has a cart already; each is bought once. The environment says which database.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from benchmarks.environment import ROOT

PROCESSES = 2
THREADS = 8


def measure(user_ids: Sequence[UUID], environment: dict[str, str]) -> tuple[float, list[float]]:
    """Buy the carts of all users; return orders a second and the seconds each one took."""
    shares = [[str(id_) for id_ in user_ids[number::PROCESSES]] for number in range(PROCESSES)]
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.checkout_service"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in shares
    ]
    with ThreadPoolExecutor(PROCESSES) as pool:
        outputs = list(
            pool.map(
                lambda pair: pair[0].communicate(json.dumps(pair[1]).encode(), timeout=300)[0],
                zip(children, shares, strict=True),
            )
        )
    if any(child.returncode for child in children):
        raise RuntimeError("The checkout service failed; see above.")
    results = [json.loads(output) for output in outputs]
    # Both begin when their imports are done, which is nearly the same moment.
    began = min(result["began"] for result in results)
    ended = max(result["ended"] for result in results)
    times = [seconds for result in results for seconds in result["times"]]
    return len(times) / (ended - began), times


def main() -> None:
    """Buy the carts of the users named on standard input; write when, and how long each took."""
    import django  # noqa: PLC0415

    django.setup()
    from django.db import connections  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415
    from commerce.services import checkout  # noqa: PLC0415

    users = list(User.objects.filter(pk__in=json.load(sys.stdin)))

    def buy(share: list[User]) -> list[float]:
        times = []
        for user in share:
            started = time.perf_counter()
            checkout.check_out(user=user, request=_wish())
            times.append(time.perf_counter() - started)
        connections.close_all()
        return times

    with ThreadPoolExecutor(THREADS) as pool:
        began = time.time()
        shares = [users[number::THREADS] for number in range(THREADS)]
        times = [seconds for part in pool.map(buy, shares) for seconds in part]
        ended = time.time()
    json.dump({"began": began, "ended": ended, "times": times}, sys.stdout)


def _wish() -> "CheckoutRequest":  # noqa: F821
    from commerce.enums import Fulfilment  # noqa: PLC0415
    from commerce.services.checkout import CheckoutRequest  # noqa: PLC0415
    from core.addresses import PostalAddress  # noqa: PLC0415

    address = PostalAddress("Ada Reader", "12 Book Lane", "Haifa", "3303118", "IL")
    return CheckoutRequest(Fulfilment.DELIVERY, payment_method="tok_visa", address=address)


if __name__ == "__main__":
    main()
