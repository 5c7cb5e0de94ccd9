"""Branches: opened, changed, closed for good. Their stock counts while they are active.

There is one warehouse, for deliveries leave from it: another branch becomes it, nobody just
ceases to be it. A branch is closed for good once no copy and no open order is left in it.
"""

import uuid
from typing import Any, TypedDict

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import errors, signals, text
from catalog.models import Branch, Inventory
from catalog.services import slugs, stock
from core import locks
from core.errors import Invalid
from core.opening_hours import OpeningHours
from core.services import audit

FIELDS = ("name", "slug", "address", "phone", "is_warehouse", "is_active", "opening_hours")


class BranchChanges(TypedDict, total=False):
    """What may be said about a branch; hours as `core.opening_hours` reads them."""

    name: str
    slug: str
    address: str
    phone: str
    is_warehouse: bool
    is_active: bool
    opening_hours: dict[str, Any]


def create_branch(*, said: BranchChanges, actor_id: uuid.UUID | None) -> Branch:
    """Open a branch; without a slug its name makes one. As the warehouse it takes over from it.

    Locks every branch for a new warehouse. Audit `branch.created`, `branch.changed` for the old
    warehouse. Raises `Invalid` (name, address, hours, a slug that is taken), `WarehouseNeeded`
    for a warehouse that is not active.
    """
    made = slugs.made_of(said.get("name", ""), otherwise="branch", longest=50)
    values = _tidied({"name": "", "address": "", **said, "slug": said.get("slug") or made})
    with transaction.atomic():
        branch = Branch(**values)
        if branch.is_warehouse:
            _take_over(branch, actor_id)
        _save(branch, None)
        audit.record_change(
            action="branch.created",
            entity_type="branch",
            entity_id=branch.pk,
            actor_id=actor_id,
            new={name: getattr(branch, name) for name in FIELDS},
        )
    return branch


def change_branch(
    *,
    branch_id: int,
    changes: BranchChanges,
    actor_id: uuid.UUID | None,
    is_reopened: bool = False,
    may_be_closed: bool = False,
) -> Branch:
    """Change a branch; switched off its stock does not count. Safe to repeat.

    One closed for good is not found unless it `is_reopened` by this or `may_be_closed`. Locks the
    branch, for a new warehouse every branch; for a switch its inventory, then the rows of books
    with copies there. Audit `branch.reopened`, `branch.changed`. Raises `BranchNotFound`,
    `WarehouseNeeded` for a warehouse that would cease to be one or be switched off, and `Invalid`.
    """
    with transaction.atomic():
        branch = _locked(branch_id, everyone=changes.get("is_warehouse", False))
        if branch.deleted_at and not (is_reopened or may_be_closed):
            raise errors.BranchNotFound(branch_id=branch_id)
        if is_reopened:
            _switch(branch, actor_id, closed=False)
        _change(branch, _tidied(changes), actor_id)
    return branch


def close_branch(*, branch_id: int, actor_id: uuid.UUID | None) -> None:
    """Close a branch for good: it is shown no more, old orders still name it. Safe to repeat.

    Locks the branch and its inventory. Audit `branch.closed`. Raises `BranchNotFound`,
    `WarehouseNeeded` for the warehouse, `BranchHasStock` while there are copies, and what
    receivers of `signals.branch_closing` raise while something else of theirs is left there.
    """
    with transaction.atomic():
        branch = _locked(branch_id)
        if branch.deleted_at:
            return
        if branch.is_warehouse:
            raise errors.WarehouseNeeded(branch_id=branch_id)
        copies = sum(row.quantity for row in _lock_shelves(branch_id))
        if copies:
            raise errors.BranchHasStock(branch_id=branch_id, copies=copies)
        signals.branch_closing.send(sender=Branch, branch_id=branch_id)
        _switch(branch, actor_id, closed=True)


def reopen_branch(*, branch_id: int, actor_id: uuid.UUID | None) -> None:
    """Open a closed branch again. Safe to repeat: see `change_branch`."""
    change_branch(branch_id=branch_id, changes={}, is_reopened=True, actor_id=actor_id)


def _locked(branch_id: int, *, everyone: bool = False) -> Branch:
    which = Branch.objects.all() if everyone else Branch.objects.filter(pk=branch_id)
    branch = next((each for each in locks.lock_rows(which) if each.pk == branch_id), None)
    if branch is None:
        raise errors.BranchNotFound(branch_id=branch_id)
    return branch


def _tidied(said: BranchChanges) -> dict[str, Any]:
    values: dict[str, Any] = dict(said)
    for name, sentence in (
        ("name", _("Give the branch a name.")),
        ("address", _("Tell where the branch is.")),
    ):
        if name in values and not (tidied := text.tidy(values[name])):
            raise Invalid(fields={name: [sentence]})
        if name in values:
            values[name] = tidied
    if "phone" in values:
        values["phone"] = text.tidy(values["phone"])
    if "slug" in values:
        values["slug"] = slugs.checked(values["slug"])
    if "opening_hours" in values:
        values["opening_hours"] = OpeningHours.read(values["opening_hours"]).as_json()
    return values


def _change(branch: Branch, values: dict[str, Any], actor_id: uuid.UUID | None) -> None:
    old = {name: getattr(branch, name) for name, value in values.items()}
    old = {name: was for name, was in old.items() if was != values[name]}
    if not old:
        return
    for name in old:
        setattr(branch, name, values[name])
    if "is_warehouse" in old and not branch.is_warehouse:
        raise errors.WarehouseNeeded(branch_id=branch.pk)
    if branch.is_warehouse:
        _take_over(branch, actor_id)
    _save(branch, list(old))
    _record("branch.changed", branch, actor_id, old)
    if "is_active" in old:
        _recount_books(branch.pk)


def _take_over(branch: Branch, actor_id: uuid.UUID | None) -> None:
    """Let the branch be the warehouse instead of whichever was."""
    if not branch.is_active or branch.deleted_at:
        raise errors.WarehouseNeeded(branch_id=branch.pk)
    rows = Branch.objects.filter(is_warehouse=True, deleted_at__isnull=True)
    for former in locks.lock_rows(rows.exclude(pk=branch.pk)):
        former.is_warehouse = False
        former.save(update_fields=["is_warehouse"])
        _record("branch.changed", former, actor_id, {"is_warehouse": True})


def _save(branch: Branch, fields: list[str] | None) -> None:
    try:
        with transaction.atomic():
            branch.save(update_fields=fields)
    except IntegrityError:
        raise Invalid(fields={"slug": [_("Another branch has this address.")]}) from None


def _switch(branch: Branch, actor_id: uuid.UUID | None, *, closed: bool) -> None:
    if (branch.deleted_at is not None) == closed:
        return
    branch.deleted_at = timezone.now() if closed else None
    branch.save(update_fields=["deleted_at"])
    audit.record_change(
        action="branch.closed" if closed else "branch.reopened",
        entity_type="branch",
        entity_id=branch.pk,
        actor_id=actor_id,
        old={"closed": not closed},
        new={"closed": closed},
    )
    if not closed:
        _recount_books(branch.pk)


def _recount_books(branch_id: int) -> None:
    # Who puts copies on a shelf here sees the branch as it was until we commit. So we wait for
    # them at their rows, empty ones too; who makes a new row waits for us at the branch.
    stock.refresh_in_stock(row.book_id for row in _lock_shelves(branch_id) if row.quantity)


def _lock_shelves(branch_id: int) -> list[Inventory]:
    shelves = Inventory.objects.filter(branch_id=branch_id).only("pk", "book_id", "quantity")
    return locks.lock_rows(shelves)


def _record(action: str, branch: Branch, actor_id: uuid.UUID | None, old: dict[str, Any]) -> None:
    audit.record_change(
        action=action,
        entity_type="branch",
        entity_id=branch.pk,
        actor_id=actor_id,
        old=old,
        new={name: getattr(branch, name) for name in old},
    )
