"""What follows from signals, our own and of the apps below. Receivers write rows, enqueue jobs."""

import uuid
from typing import Any

from accounts import signals as accounts_signals
from catalog import signals as catalog_signals
from catalog.services import branch_staff
from commerce import errors, signals
from commerce.selectors import staff_orders
from core import jobs
from core.roles import Role


def connect() -> None:
    """Attach the receivers (called once, when the app is ready)."""
    signals.order_confirmed.connect(_mail_confirmation, dispatch_uid="commerce.mail_confirmation")
    catalog_signals.branch_closing.connect(_keep_orders, dispatch_uid="commerce.keep_orders")
    accounts_signals.role_changed.connect(_drop_ties, dispatch_uid="commerce.drop_ties")


def _mail_confirmation(*, order_id: uuid.UUID, **kwargs: Any) -> None:
    jobs.enqueue("commerce.send_order_confirmation", order_id=str(order_id))


def _keep_orders(*, branch_id: int, **kwargs: Any) -> None:
    waiting = staff_orders.open_orders_at(branch_id)
    if waiting:
        raise errors.BranchHasOrders(branch_id=branch_id, orders=waiting)


# Here because accounts and catalog do not know each other.
def _drop_ties(*, user_id: uuid.UUID, new: Role, actor_id: uuid.UUID | None, **kwargs: Any) -> None:
    if not new.includes(Role.EMPLOYEE):
        branch_staff.drop_ties(user_id=user_id, actor_id=actor_id)
