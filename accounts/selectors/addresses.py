"""Saved addresses: only ever somebody's own."""

import uuid

from django.db.models import QuerySet

from accounts.errors import AddressNotFound
from accounts.models import Address


def addresses_of(user_id: uuid.UUID) -> QuerySet[Address]:
    """Return the addresses of a user: the default first, then the newest."""
    own = Address.objects.filter(user_id=user_id)
    return own.order_by("-is_default", "-created_at", "-pk")


def address_for(*, user_id: uuid.UUID, address_id: uuid.UUID) -> Address:
    """Return one of the user's own addresses. Raises `AddressNotFound` for anything else."""
    address = Address.objects.filter(user_id=user_id, pk=address_id).first()
    if address is None:
        raise AddressNotFound
    return address


def default_address_of(user_id: uuid.UUID) -> Address | None:
    """Return the address that a delivery takes where nothing else was said; None without any."""
    return Address.objects.filter(user_id=user_id, is_default=True).first()
