"""What waits for somebody at the desk: counted for badges and for Today, by role and branch."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from redis import RedisError

from catalog.enums import CoverState, ImportState, StockRequestStatus
from catalog.models import Book, Cover, ImportRun
from catalog.selectors import book_health, stock_requests
from commerce.models import Order, Payment
from commerce.selectors import order_work, staff_orders
from core import counts

SECONDS = 30

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Work:
    """Rows of one list that wait: how they are called, who sees them, where they are listed.

    `query` is the list's own filter, so that the list shows what was counted.
    """

    key: str
    title: str | Promise
    model: str
    query: str
    rows: Callable[[Any], QuerySet]

    @property
    def permission(self) -> str:
        """What the role must allow."""
        app, name = self.model.split(".")
        return f"{app}.view_{name}"

    @property
    def url(self) -> str:
        """The filtered list."""
        return f"{reverse(f'admin:{self.model.replace(".", "_")}_changelist')}?{self.query}"


def _orders(narrow: Callable[[QuerySet[Order]], QuerySet[Order]]) -> Callable[[Any], QuerySet]:
    return lambda user: narrow(staff_orders.orders_seen_by(Order.objects.all(), user))


def _imports(state: ImportState) -> Callable[[Any], QuerySet]:
    return lambda user: ImportRun.objects.filter(state=state)


def _books(narrow: Callable[[QuerySet[Book]], QuerySet[Book]]) -> Callable[[Any], QuerySet]:
    return lambda user: narrow(Book.objects.all())


DO_NOW = (
    Work("pick", _("Orders to pick"), "commerce.order", "work=pick", _orders(order_work.to_pick)),
    Work(
        "requests",
        _("Stock requests waiting"),
        "catalog.stockrequest",
        f"status__exact={StockRequestStatus.PENDING}",
        stock_requests.waiting,
    ),
    Work(
        "imports",
        _("Imports to approve"),
        "catalog.importrun",
        f"state__exact={ImportState.CHECKED}",
        _imports(ImportState.CHECKED),
    ),
    Work(
        "covers",
        _("Covers refused"),
        "catalog.cover",
        f"state__exact={CoverState.REFUSED}",
        lambda user: Cover.objects.filter(state=CoverState.REFUSED),
    ),
)
AT_RISK = (
    Work("late", _("Late orders"), "commerce.order", "work=late", _orders(order_work.late)),
    Work(
        "stuck",
        _("Payments without an outcome"),
        "commerce.payment",
        "outcome=stuck",
        lambda user: order_work.stuck(Payment.objects.all()),
    ),
    Work(
        "failed",
        _("Imports stopped by an error"),
        "catalog.importrun",
        f"state__exact={ImportState.FAILED}",
        _imports(ImportState.FAILED),
    ),
)
HEALTH = (
    Work("price", _("No price"), "catalog.book", "lacks=price", _books(book_health.without_price)),
    Work("cover", _("No cover"), "catalog.book", "lacks=cover", _books(book_health.without_cover)),
    Work("genre", _("No genre"), "catalog.book", "lacks=genre", _books(book_health.without_genre)),
    Work(
        "wanted",
        _("Out of stock but wanted"),
        "catalog.book",
        "lacks=stock",
        _books(book_health.wanted),
    ),
)


def counted(user: Any, works: Iterable[Work], *, name: str) -> list[tuple[Work, int]]:
    """Return how much of each of `works` there is, of those that `user` may see.

    Counted at most every 30 s for each person (one query each); always when Redis is down.
    """
    seen = [work for work in works if user.has_perm(work.permission)]
    known = kept(f"desk:{name}:{user.pk}:{user.role}", lambda: _counts(user, seen))
    return [(work, known[work.key]) for work in seen if work.key in known]


def kept(key: str, make: Callable[[], Any]) -> Any:
    """Return what the cache has under `key`, or what `make` returns; kept for 30 s if possible."""
    try:
        known = cache.get(key)
    except RedisError:
        log.warning("desk_cache_unreachable")
        return make()
    if known is None:
        known = make()
        try:
            cache.set(key, known, SECONDS)
        except RedisError:
            log.warning("desk_cache_unreachable")
    return known


def badge(key: str) -> Callable[[HttpRequest], str | None]:
    """Return what draws the badge of one kind of `DO_NOW`: its number, nothing for none."""

    def draw(request: HttpRequest) -> str | None:
        numbers = getattr(request, "desk_numbers", None)
        if numbers is None:
            numbers = {
                work.key: number for work, number in counted(request.user, DO_NOW, name="now")
            }
            request.desk_numbers = numbers  # type: ignore[attr-defined]
        number = numbers.get(key)
        return counts.written(number) if number else None

    return draw


pick = badge("pick")
requests = badge("requests")
imports = badge("imports")
covers = badge("covers")


def _counts(user: Any, works: Iterable[Work]) -> dict[str, int]:
    return {work.key: counts.capped(work.rows(user)) for work in works}
