"""Identifiers that sort by time."""

import uuid

import uuid_utils.compat


def uuid7() -> uuid.UUID:
    """Return a UUIDv7: unique everywhere, index-friendly, tells roughly when it was made."""
    return uuid_utils.compat.uuid7()
