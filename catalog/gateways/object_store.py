"""Covers in a bucket of any service that speaks S3."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from core.errors import Unavailable

# Names are never used again for something else, so whoever has a file has it for good.
_SAID_OF_FILES = {
    "CacheControl": "public, max-age=31536000, immutable",
    "ContentDisposition": "inline",
}


class ObjectStore(S3Storage):
    """A bucket; `Unavailable` while it does not answer or does not let us in."""

    def get_default_settings(self) -> dict[str, Any]:
        """Answer in seconds, not minutes, and ask for nothing that only one service knows."""
        return super().get_default_settings() | {
            "object_parameters": _SAID_OF_FILES,
            "querystring_auth": False,
            "client_config": Config(
                connect_timeout=3,
                read_timeout=10,
                retries={"total_max_attempts": 2},
                signature_version="s3v4",
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                s3={"addressing_style": "auto"},
            ),
        }

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _answering():
            return super()._open(name, mode)

    def _save(self, name: str, content: Any) -> str:
        with _answering():
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        """Delete a file; one that is not there is no matter."""
        with _answering():
            super().delete(name)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Unavailable from error
