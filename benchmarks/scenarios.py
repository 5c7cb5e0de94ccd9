"""What is measured: each scenario as the requests that its clients repeat."""

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks import requests
from benchmarks.loads import Script
from benchmarks.shoppers import Shopper
from benchmarks.subjects import Subjects

# Far more requests than a client gets through, so that nothing is asked for in the same order.
REQUESTS_A_CLIENT = 400
ORDERS_A_CLIENT = 150
LINES = 3
# From words of half the catalogue to names of one book; some match nothing.
SEARCHES = (
    *("the", "love", "history", "war", "secret", "world of", "night", "girl", "king", "story"),
    *("austen", "tolkien", "orwell", "le guin", "pride and prejudice", "lord of the rings"),
    *("hunger games", "dubliners", "zzyzx", "harry pot", "agatha christ", "science fiction"),
    *("crime and punishment", "hobbit", "murder express", "moby dick", "kafka", "woolf"),
    *("the great gatsby", "quantum", "-war peace", '"brave new world"', "etranger", "garcia"),
)
CHECKOUT = {
    "fulfilment": "DELIVERY",
    "address": {
        "recipient": "Ada Reader",
        "line1": "12 Book Lane",
        "city": "Haifa",
        "postcode": "3303118",
    },
    "payment_method": "tok_visa",
}


@dataclass(frozen=True)
class Scenario:
    """A kind of work; `counted` is the label whose requests are its rate and its times."""

    name: str
    title: str
    counted: str
    target: float | None
    scripts: Callable[[Subjects, list[Shopper]], list[Script]]


def bare_scripts(subjects: Subjects, clients: int) -> list[Script]:
    """Return what clients ask the bare view for."""
    return [
        [("bare", requests.get(f"/{id_}/")) for id_ in _ids(subjects, client)]
        for client in range(clients)
    ]


def _list(subjects: Subjects, shoppers: list[Shopper]) -> list[Script]:
    return [[("list", requests.get("/books/"))] for _ in shoppers]


def _genre(subjects: Subjects, shoppers: list[Shopper]) -> list[Script]:
    return [
        _shuffled(client, "genre", [f"/genres/{slug}/" for slug in subjects.genres])
        for client in range(len(shoppers))
    ]


def _book(subjects: Subjects, shoppers: list[Shopper]) -> list[Script]:
    return [_shuffled(client, "book", subjects.book_paths) for client in range(len(shoppers))]


def _search(subjects: Subjects, shoppers: list[Shopper]) -> list[Script]:
    paths = [f"/search/?{urlencode({'q': words})}" for words in SEARCHES]
    return [_shuffled(client, "search", paths) for client in range(len(shoppers))]


def _api_list(subjects: Subjects, shoppers: list[Shopper]) -> list[Script]:
    paths = [f"/api/v1/books?page={page}" for page in range(1, 21)]
    return [_shuffled(client, "api-list", paths) for client in range(len(shoppers))]


def _api_book(subjects: Subjects, shoppers: list[Shopper]) -> list[Script]:
    return [
        [("api-book", requests.get(f"/api/v1/books/{id_}")) for id_ in _ids(subjects, client)]
        for client in range(len(shoppers))
    ]


def _cart(subjects: Subjects, shoppers: list[Shopper]) -> list[Script]:
    """Three books are added, then the cart is emptied, so that it stays a usual size."""
    scripts: list[Script] = []
    for client, shopper in enumerate(shoppers):
        clear = ("clear", requests.delete("/api/v1/cart", token=shopper.token))
        steps = []
        for books in _baskets(subjects, client):
            steps += [*_additions(shopper, books), clear]
        scripts.append(steps)
    return scripts


def _checkout(subjects: Subjects, shoppers: list[Shopper]) -> list[Script]:
    scripts: list[Script] = []
    for client, shopper in enumerate(shoppers):
        buy = requests.post("/api/v1/orders/checkout", CHECKOUT, token=shopper.token)
        steps = []
        for books in _baskets(subjects, client):
            steps += [*_additions(shopper, books), ("checkout", buy)]
        scripts.append(steps)
    return scripts


def _additions(shopper: Shopper, books: tuple[int, ...]) -> list[tuple[str, str]]:
    return [
        ("add", requests.post("/api/v1/cart/items", {"book_id": id_}, token=shopper.token))
        for id_ in books
    ]


def _baskets(subjects: Subjects, client: int) -> Iterator[tuple[int, ...]]:
    chooser = random.Random(client)
    for _ in range(ORDERS_A_CLIENT):
        yield tuple(chooser.sample(subjects.stocked_ids, LINES))


def _ids(subjects: Subjects, client: int) -> list[int]:
    chooser = random.Random(client)
    return chooser.choices(subjects.book_ids, k=REQUESTS_A_CLIENT)


def _shuffled(client: int, label: str, paths: list[str]) -> list[tuple[str, str]]:
    chosen = list(itertools.islice(itertools.cycle(paths), max(len(paths), REQUESTS_A_CLIENT)))
    random.Random(client).shuffle(chosen)
    return [(label, requests.get(path)) for path in chosen[:REQUESTS_A_CLIENT]]


SCENARIOS = (
    Scenario("list", "list page, 24 books", "list", 200, _list),
    Scenario("genre", "genre page", "genre", None, _genre),
    Scenario("book", "book page", "book", 300, _book),
    Scenario("search", "search page", "search", None, _search),
    Scenario("api-list", "API list, 20 books", "api-list", None, _api_list),
    Scenario("api-book", "API book", "api-book", None, _api_book),
    Scenario("cart", "add to cart (API)", "add", None, _cart),
    Scenario("checkout", "whole checkout (API), orders", "checkout", 60, _checkout),
)
