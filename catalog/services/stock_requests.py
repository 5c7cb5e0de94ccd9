"""Branches ask for copies, managers decide once."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog import errors
from catalog.enums import MovementReason, StockRequestStatus, StockRequestType
from catalog.models import Book, StockRequest
from catalog.selectors import branch_staff
from catalog.selectors import stock_requests as request_selectors
from catalog.services import stock
from catalog.services.stock import ledger
from catalog.text import tidy
from core import locks
from core.errors import DomainError
from core.retries import run_retrying
from core.services import audit


@dataclass(frozen=True)
class Reviewed:
    """What became of one of many reviews: the status it has now, or the refusal."""

    id: int
    status: StockRequestStatus | None = None
    refusal: DomainError | None = None


def create_request(
    *, user: Any, book_id: int, branch_id: int, kind: StockRequestType, quantity: int, reason: str
) -> StockRequest:
    """Ask for copies of a book in a branch; a manager decides. Locks nothing.

    Audit `stock_request.created`. Raises `BookNotFound` for a book that is not there or withdrawn,
    `BranchNotFound` for a closed branch and for one that `user` is not tied to, `Invalid`, and
    `StockRequestDuplicate` while an equal request of theirs waits.
    """
    ledger.refuse_out_of_range(quantity)
    if kind == StockRequestType.ADD_QUANTITY:
        ledger.refuse_fewer_than_one([quantity])
    theirs = branch_staff.branches_of(user)
    if theirs is not None and branch_id not in theirs:
        raise errors.BranchNotFound(branch_id=branch_id)
    with transaction.atomic():
        ledger.refuse_closed(branch_id)
        if not Book.objects.listed().filter(pk=book_id).exists():
            raise errors.BookNotFound(book_id=book_id)
        asked = StockRequest(
            book_id=book_id,
            branch_id=branch_id,
            type=kind,
            quantity=quantity,
            reason=tidy(reason),
            requested_by_id=user.pk,
        )
        try:
            with transaction.atomic():
                asked.save()
        except IntegrityError:
            # The very same wish waits already: a form that was sent twice asks once.
            raise errors.StockRequestDuplicate from None
        _tell("created", asked, user.pk)
    return asked


def review_request(
    *, request_id: int, decision: StockRequestStatus, user: Any, note: str = ""
) -> StockRequest:
    """Approve or reject a request, once; approving moves the stock in the same transaction.

    Locks the request, then what `stock.set_quantity` and `stock.add_copies` lock; of two reviewers
    one waits and is told that it is done. The movement has the reason REQUESTED and the reference
    "request:<id>". Audit `stock_request.approved` or `.rejected`. Raises `StockRequestNotFound` for
    a branch that is not theirs too, `StockRequestAlreadyReviewed`, and for an approval
    `BookWithdrawn` and whatever the stock service refuses; then nothing has changed.
    """
    with transaction.atomic():
        asked = locks.lock_row(
            request_selectors.seen_by(StockRequest.objects.filter(pk=request_id), user)
        )
        if asked is None:
            raise errors.StockRequestNotFound
        if asked.status != StockRequestStatus.PENDING:
            raise errors.StockRequestAlreadyReviewed(status=asked.status)
        asked.status, asked.note = decision, tidy(note)
        asked.reviewed_by_id, asked.reviewed_at = user.pk, timezone.now()
        asked.save(update_fields=["status", "note", "reviewed_by_id", "reviewed_at"])
        _tell(str(decision).lower(), asked, user.pk, was_pending=True)
        if decision == StockRequestStatus.APPROVED:
            _move_stock(asked, user.pk)
    return asked


def review_requests(
    *, ids: Iterable[int], decision: StockRequestStatus, user: Any, note: str = ""
) -> list[Reviewed]:
    """Review many requests, each in a transaction of its own; what one refuses stops no other.

    Returns what became of each in the order asked, an id named twice once. Locks and audit as
    `review_request`; each is tried again when it lost a race in the database.
    """
    return [
        _review_one(request_id, decision=decision, user=user, note=note)
        for request_id in dict.fromkeys(ids)
    ]


def _review_one(request_id: int, **how: Any) -> Reviewed:
    try:
        asked = run_retrying(partial(review_request, request_id=request_id, **how))
    except DomainError as refusal:
        return Reviewed(request_id, refusal=refusal)
    return Reviewed(request_id, status=StockRequestStatus(asked.status))


def _move_stock(asked: StockRequest, actor_id: uuid.UUID) -> None:
    if not Book.objects.listed().filter(pk=asked.book_id).exists():
        raise errors.BookWithdrawn(book_id=asked.book_id)
    shelf: dict[str, Any] = {
        "book_id": asked.book_id,
        "branch_id": asked.branch_id,
        "reason": MovementReason.REQUESTED,
        "reference": f"request:{asked.pk}",
        "actor_id": actor_id,
    }
    if asked.type == StockRequestType.SET_QUANTITY:
        stock.set_quantity(quantity=asked.quantity, **shelf)
    else:
        stock.add_copies(copies=asked.quantity, **shelf)


# What people wrote is not for the trail, which is never emptied.
def _tell(
    verb: str, asked: StockRequest, actor_id: uuid.UUID, *, was_pending: bool = False
) -> None:
    audit.record_change(
        action=f"stock_request.{verb}",
        entity_type="stock_request",
        entity_id=asked.pk,
        actor_id=actor_id,
        old={"status": str(StockRequestStatus.PENDING)} if was_pending else None,
        new={"status": str(asked.status)},
        context={
            "book_id": asked.book_id,
            "branch_id": asked.branch_id,
            "type": str(asked.type),
            "quantity": asked.quantity,
        },
    )
