"""Where a delivery goes."""

import uuid

from accounts.selectors import addresses
from commerce.errors import AddressRequired
from core.addresses import PostalAddress, tidied
from core.errors import Invalid


def destination_for(
    *, user_id: uuid.UUID, address: PostalAddress | None, address_id: uuid.UUID | None
) -> PostalAddress:
    """Return the address written down, else the saved one named, else the user's default.

    One query at most. Raises `Invalid` (below "address") for one that is no address,
    `AddressNotFound` for a saved one that is not the user's, and `AddressRequired` without any.
    """
    if address is not None:
        try:
            return tidied(address)
        except Invalid as error:
            raise Invalid(fields={"address": error.data["fields"]}) from None
    if address_id is not None:
        return addresses.address_for(user_id=user_id, address_id=address_id).postal
    default = addresses.default_address_of(user_id)
    if default is None:
        raise AddressRequired
    return default.postal
