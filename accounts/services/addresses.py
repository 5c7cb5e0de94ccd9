"""Keeping addresses: exactly one of a user's is the default, as soon as there is one.

All writes hold the user's row: it stands for the whole list, which has no row to hold before the
first address is in it. Addresses are personal, so audit rows say only which one was touched.
"""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.errors import AddressNotFound, TooManyAddresses
from accounts.models import Address, User
from accounts.selectors import addresses as selectors
from core import locks
from core.addresses import PostalAddress, tidied
from core.errors import Invalid, NotFound
from core.services import audit

MOST = 50


def add_address(*, user_id: uuid.UUID, address: PostalAddress, is_default: bool = False) -> Address:
    """Save an address for a user and return it; the first is the default in any case.

    Locks the user. Raises `Invalid`, `TooManyAddresses` beyond `MOST`, `NotFound` for a user who
    is gone, and `Busy`. Leaves an audit row.
    """
    tidy = tidied(address)
    with transaction.atomic():
        count = _locked_addresses(user_id).count()
        if count >= MOST:
            raise TooManyAddresses(most=MOST)
        added = Address(user_id=user_id)
        _write(added, tidy)
        added.save(force_insert=True)
        _record("address.added", added)
        if is_default or count == 0:
            _make_default(added)
    return added


def change_address(
    *,
    user_id: uuid.UUID,
    address_id: uuid.UUID,
    changes: Mapping[str, Any],
    is_default: bool | None = None,
) -> Address:
    """Change fields of a `PostalAddress` of a user and return the address.

    "preferences" among the changes is a mapping of its own; what it does not name stays. Orders
    hold copies and stay as they were. Locks the user. Raises `Invalid` (also for a default that
    should simply cease to be one), `AddressNotFound`, `NotFound`, `Busy`. Leaves an audit row if
    anything changed.
    """
    with transaction.atomic():
        address = _locked_address(user_id, address_id)
        if is_default is False and address.is_default:
            raise Invalid(fields={"is_default": [_("Make another address the default instead.")]})
        before = address.postal
        wishes = dataclasses.replace(before.preferences, **changes.get("preferences", {}))
        after = tidied(dataclasses.replace(before, **{**changes, "preferences": wishes}))
        if after != before:
            _write(address, after)
            address.save(update_fields=[*_COLUMNS, "delivery_preferences"])
            _record("address.changed", address)
        if is_default and not address.is_default:
            _make_default(address)
    return address


def make_default(*, user_id: uuid.UUID, address_id: uuid.UUID) -> Address:
    """Make an address the user's default and return it; it may be so already.

    Locks the user. Raises `AddressNotFound`, `NotFound`, `Busy`. Leaves an audit row.
    """
    return change_address(user_id=user_id, address_id=address_id, changes={}, is_default=True)


def remove_address(*, user_id: uuid.UUID, address_id: uuid.UUID) -> None:
    """Forget an address; after the default the newest of the others is it.

    Orders hold copies and stay as they were. Locks the user. Raises `AddressNotFound`, `NotFound`,
    `Busy`. Leaves an audit row.
    """
    with transaction.atomic():
        address = _locked_address(user_id, address_id)
        _record("address.removed", address)
        address.delete()
        heir = selectors.addresses_of(user_id).first() if address.is_default else None
        if heir is not None:
            _make_default(heir)


_COLUMNS = ("recipient", "line1", "line2", "city", "postcode", "country", "phone")


def _locked_addresses(user_id: uuid.UUID) -> QuerySet[Address]:
    if locks.lock_row(User.objects.filter(pk=user_id)) is None:
        raise NotFound
    return Address.objects.filter(user_id=user_id)


def _locked_address(user_id: uuid.UUID, address_id: uuid.UUID) -> Address:
    address = _locked_addresses(user_id).filter(pk=address_id).first()
    if address is None:
        raise AddressNotFound
    return address


def _write(address: Address, postal: PostalAddress) -> None:
    for name in _COLUMNS:
        setattr(address, name, getattr(postal, name))
    address.delivery_preferences = postal.preferences.as_json()


def _make_default(address: Address) -> None:
    # The old one first: the table takes one default a user at any moment.
    Address.objects.filter(user_id=address.user_id, is_default=True).update(is_default=False)
    address.is_default = True
    address.save(update_fields=["is_default"])
    _record("address.made_default", address)


def _record(action: str, address: Address) -> None:
    audit.record_change(
        action=action,
        entity_type="address",
        entity_id=address.pk,
        actor_id=address.user_id,
    )
