"""Everything the shop knows about one person, as a file for them to keep."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import privacy
from core.services import audit, ratelimit

# Reading ten thousand orders takes seconds: nobody needs that often.
EXPORTS = ratelimit.Limit("data-export", attempts=20, seconds=3600)
_encode = DjangoJSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class PersonalData:
    """The file: a JSON document in the API's envelope, in UTF-8."""

    name: str
    content: bytes

    @property
    def disposition(self) -> str:
        """The header that makes a browser save it."""
        return f'attachment; filename="{self.name}"'


def export_person(*, user: User) -> PersonalData:
    """Return all that apps declared to hold about `user`, a section each.

    One statement a section, however many rows; what is held in memory is the file, twice, and a
    few hundred rows (1.6 kB of file for an order of three books). Leaves an audit row, which is in
    the file too. Raises `RateLimited`.
    """
    ratelimit.count_attempt(EXPORTS, str(user.pk))
    with transaction.atomic():
        audit.record_change(
            action="user.data_exported",
            entity_type="user",
            entity_id=user.pk,
            actor_id=user.pk,
        )
        content = "".join(_document(user.pk)).encode()
    return PersonalData(f"my-data-{timezone.localdate():%Y-%m-%d}.json", content)


def _document(user_id: uuid.UUID) -> Iterator[str]:
    yield '{"data":{"exported_at":' + _encode(timezone.now())
    for section, read in privacy.sections().items():
        yield f",{_encode(section)}:"
        yield from _section(read(user_id))
    yield "}}"


def _section(found: Iterable[Any]) -> Iterator[str]:
    if isinstance(found, Mapping):
        yield _encode(found)
        return
    yield "["
    separator = ""
    for row in found:
        yield separator + _encode(row)
        separator = ","
    yield "]"
