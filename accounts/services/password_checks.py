"""How many passwords the whole shop may hash: the ceiling that no crowd of addresses passes.

A hashing keeps a core busy for a twentieth of a second on purpose. Limits for each address hold
one visitor back; a thousand together would still take the shop down.
"""

from django.conf import settings

from core.services import ratelimit

_STRANGERS = "strangers"
_KNOWN = "known"


def count_one(*, is_known: bool = False) -> None:
    """Count a password that is about to be hashed; call it before every hashing a visitor asks for.

    `is_known` for people who are signed in, or whose browser was (`known_devices`): they have a
    share of their own, so that strangers cannot use up theirs. Raises `RateLimited`, `Unavailable`.
    """
    ceiling = ratelimit.Limit(
        "password-checks",
        attempts=settings.PASSWORD_CHECKS_PER_MINUTE,
        seconds=60,
        fails_closed=True,
        is_shared=True,
    )
    ratelimit.count_attempt(ceiling, _KNOWN if is_known else _STRANGERS)
