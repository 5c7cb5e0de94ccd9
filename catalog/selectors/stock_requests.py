"""Who sees which stock requests, and how many wait."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Q, QuerySet, Subquery

from catalog import errors
from catalog.enums import StockRequestStatus
from catalog.models import StockRequest
from catalog.selectors import branch_staff, inventory
from core.pagination import Page, Window, paginate


def seen_by(requests: QuerySet[StockRequest], user: Any) -> QuerySet[StockRequest]:
    """Narrow to an employee's own requests and those of the branches they are tied to.

    Managers and employees without ties see all.
    """
    branch_ids = branch_staff.branches_of(user)
    if branch_ids is None:
        return requests
    return requests.filter(Q(branch_id__in=branch_ids) | Q(requested_by_id=user.pk))


def with_people(requests: QuerySet[StockRequest]) -> QuerySet[StockRequest]:
    """Add the addresses of who asked and who reviewed, None once an account is gone."""
    return requests.annotate(
        asker_address=_address_of("requested_by_id"),
        reviewer_address=_address_of("reviewed_by_id"),
    )


def my_requests(user: Any, window: Window) -> Page[StockRequest]:
    """Return a page of what somebody asked for, the newest first (two queries)."""
    return paginate(_listed().filter(requested_by_id=user.pk).order_by("-pk"), window)


def request_list(
    user: Any,
    window: Window,
    *,
    status: StockRequestStatus | None = None,
    branch: str = "",
    book: int | None = None,
) -> Page[StockRequest]:
    """Return a page of the requests that `user` may see, the newest first.

    `branch` is an id or a slug. Two queries, one more for employees and one for a slug. Raises
    `PageNotFound`.
    """
    requests = seen_by(_listed(), user)
    if status is not None:
        requests = requests.filter(status=status)
    if branch:
        requests = inventory.in_branch(requests, branch)
    if book is not None:
        requests = requests.filter(book_id=book)
    return paginate(requests.order_by("-pk"), window)


def request_for(user: Any, request_id: int) -> StockRequest:
    """Return a request with book, branch and people; raise `StockRequestNotFound`."""
    found = seen_by(_listed(), user).filter(pk=request_id).first()
    if found is None:
        raise errors.StockRequestNotFound
    return found


def waiting(user: Any) -> QuerySet[StockRequest]:
    """Return the requests that `user` may see and that wait for a decision."""
    return seen_by(StockRequest.objects.filter(status=StockRequestStatus.PENDING), user)


def waiting_for(user: Any) -> int:
    """Return how many of them there are (one query, two for employees)."""
    return waiting(user).count()


def _listed() -> QuerySet[StockRequest]:
    return with_people(StockRequest.objects.select_related("book", "branch"))


def _address_of(column: str) -> Subquery:
    users = get_user_model()
    named = users._default_manager.filter(pk=OuterRef(column))
    return Subquery(named.values(users.USERNAME_FIELD)[:1])
