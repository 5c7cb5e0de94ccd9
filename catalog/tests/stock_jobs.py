"""Changes of stock as calls without arguments, for tests that let several run at once."""

from django.db import transaction

from catalog.services import stock
from core.invariants import check_all


def sale_of(row, copies=1):
    """Return a call that sells copies from a shelf."""

    def sell():
        with transaction.atomic():
            stock.take_stock(
                branch_id=row.branch_id,
                wanted={row.book_id: copies},
                references={},
                actor_id=None,
            )

    return sell


def breaches():
    """Return the names of the invariants that do not hold."""
    return {verdict.invariant.name for verdict in check_all() if verdict.breaches}
