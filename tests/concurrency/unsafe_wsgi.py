"""The shop with a lock helper that forgets to lock: the control of the races over HTTP.

Only the tests' own server starts it; production code has no such switch.
"""

from typing import Any

from core import locks


def lock_nothing(queryset: Any, **kwargs: Any) -> list[Any]:
    """Return the rows as they are, held by nobody."""
    return list(queryset.order_by("pk"))


locks.lock_rows = lock_nothing

from bookstore.wsgi import application  # noqa: E402, F401  # after the helper is patched away
