"""Who did it, in a word."""

from typing import Any

from django.utils.translation import gettext_lazy as _


def actor_name(row: Any) -> str:
    """Return the address that `with_actor_name` found, the bare id of who left, or the shop."""
    if row.actor_id is None:
        return str(_("The shop"))
    return row.actor_address or str(row.actor_id)
