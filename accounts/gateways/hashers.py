"""Passwords in the database: Argon2id with a cost that a small machine can bear."""

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

# One hashing keeps a core busy: more at once would finish no sooner and only hold more memory.
AT_ONCE = 2  # in each process; 46 MiB each
_places = BoundedSemaphore(AT_ONCE)


class ShopPasswordHasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB, two passes, one lane: twice what OWASP asks for at least.

    Django's own cost (100 MiB, eight lanes) would take 1.6 GiB while sixteen people sign in.
    Hashes of another cost or another kind are made anew at their owner's next sign-in.
    """

    memory_cost = 47_104  # KiB
    time_cost = 2
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Return the hash; waits while `AT_ONCE` others are being made."""
        with _places:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Whether the password made this hash; waits as `encode`."""
        with _places:
            return super().verify(password, encoded)
