"""Django's session engine on our own table, which knows whose session it is."""

import datetime as dt
import time
import uuid
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import IntegrityError
from django.utils import timezone
from psycopg import errors as pg

from accounts.models import BrowserSession

DEVICE = "device"
# When whoever is signed in last showed who they are, in seconds since the epoch; and how long
# that is good for what matters: connecting another way in, taking everything away.
PROVED_AT = "proved_at"
FRESH_SECONDS = 600
_BEGAN_AT = "began_at"
# "Last seen" is told to the hour: exact to the request it would be a write for each.
_SEEN_EVERY = dt.timedelta(hours=1)


class SessionStore(DatabaseStore):
    """Keeps the user, the device and the beginning of a session in columns beside its data."""

    def _get_session_from_db(self) -> BrowserSession | None:
        session: BrowserSession | None = super()._get_session_from_db()  # type: ignore[misc]
        if session is not None and session.user_id is not None:
            _note_seen(session)
        return session

    def save(self, must_create: bool = False) -> None:
        """Store the session; raise `UpdateError` if whose it is was deleted meanwhile.

        Django takes every refusal of a new row for a key that is in use, and would try other keys
        for ever.
        """
        try:
            super().save(must_create)
        except (CreateError, IntegrityError) as error:
            if _is_of_nobody(error):
                raise UpdateError from error
            raise

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        """Return the table of sessions."""
        return BrowserSession

    def create_model_instance(self, data: dict[str, Any]) -> BrowserSession:
        """Return the row for `data`; it is written whole each time, so all comes from here."""
        began_at = data.setdefault(_BEGAN_AT, timezone.now().isoformat())
        session = cast("BrowserSession", super().create_model_instance(data))
        session.created_at = dt.datetime.fromisoformat(began_at)
        signed_in_as = data.get(SESSION_KEY)
        session.user_id = uuid.UUID(signed_in_as) if signed_in_as else None
        session.device = str(data.get(DEVICE, ""))[:100]
        return session


def begin_anew(session: SessionBase) -> None:
    """Let the session begin now: whoever signs in was a stranger to it until this moment."""
    session.pop(_BEGAN_AT, None)


def note_proof(session: SessionBase) -> None:
    """Remember that whoever is signed in showed who they are, just now."""
    session[PROVED_AT] = int(time.time())


def has_fresh_proof(session: SessionBase) -> bool:
    """Whether a proof was shown in this session in the last `FRESH_SECONDS`."""
    return time.time() - session.get(PROVED_AT, 0) <= FRESH_SECONDS


def _is_of_nobody(error: Exception) -> bool:
    refusal = error.__context__ if isinstance(error, CreateError) else error
    return refusal is not None and isinstance(refusal.__cause__, pg.ForeignKeyViolation)


def _note_seen(session: BrowserSession) -> None:
    now = timezone.now()
    if session.seen_at <= now - _SEEN_EVERY:
        BrowserSession.objects.filter(pk=session.pk).update(seen_at=now)
