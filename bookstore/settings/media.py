"""Covers: where their files are kept and had, where they are fetched from."""

from urllib.parse import parse_qsl, urlsplit

from bookstore.settings.base import ENV, STORAGES
from bookstore.storage_environment import StorageEnvironment


def bucket_of(env: StorageEnvironment) -> dict[str, object]:
    """Return Django's STORAGES entry for the bucket that MEDIA_STORAGE names."""
    parts = urlsplit(env.MEDIA_STORAGE)
    given = dict(parse_qsl(parts.query))
    return {
        "BACKEND": "catalog.gateways.object_store.ObjectStore",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "region_name": given.get("region", "us-east-1"),
            "endpoint_url": given.get("endpoint"),
            "access_key": env.MEDIA_ACCESS_KEY or None,
            "secret_key": env.MEDIA_SECRET_KEY or None,
        },
    }


if ENV.MEDIA_STORAGE:
    STORAGES["default"] = bucket_of(ENV)
MEDIA_URL = f"{ENV.MEDIA_PUBLIC_URL.rstrip('/')}/" if ENV.MEDIA_PUBLIC_URL else "media/"

# Machines of the inside, as (host, port), that pictures may be fetched from, and whose word for
# their certificates is taken. Nothing outside the tests fills these: no setting of the environment
# reaches them, so nobody can talk a shop into asking its own network.
COVER_SOURCES_INSIDE: frozenset[tuple[str, int]] = frozenset()
COVER_SOURCES_CA = ""
