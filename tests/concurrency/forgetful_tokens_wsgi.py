"""The shop with a refresh that looks before it writes: the control of T049 over HTTP.

Only the tests' own server starts it; production code has no such switch.
"""

import time
from typing import Any

from django.db.models import QuerySet

claim = QuerySet.update


def look_then_write(queryset: Any, **changes: Any) -> int:
    """Claim a refresh token in two statements, with time between them for others to look."""
    if "current_jti" not in changes:
        return claim(queryset, **changes)
    found = queryset.first()
    time.sleep(0.05)
    if found is None:
        return 0
    return claim(type(found).objects.filter(pk=found.pk), **changes)


QuerySet.update = look_then_write  # type: ignore[method-assign]

from bookstore.wsgi import application  # noqa: E402, F401  # after the claim is taken apart
