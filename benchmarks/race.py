"""A hot title over HTTP: one copy, many buyers at once, through the real web server."""

from collections import Counter
from collections.abc import Sequence

from benchmarks import loads, requests
from benchmarks.scenarios import CHECKOUT

BUYERS = 50


def buy_at_once(*, port: int, tokens: Sequence[str]) -> Counter[str]:
    """Let the owners of `tokens` check out their carts at the same moment; count the statuses.

    All are connected before the first of them asks.
    """
    return loads.run_once(
        port=port,
        scripts=[
            [("buy", requests.post("/api/v1/orders/checkout", CHECKOUT, token=token))]
            for token in tokens
        ],
    )
