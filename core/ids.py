"""Identifiers: those that we make, and those that people write into addresses."""

import uuid

import uuid_utils.compat


def uuid7() -> uuid.UUID:
    """Return a UUIDv7: unique everywhere, index-friendly, tells roughly when it was made."""
    return uuid_utils.compat.uuid7()


def is_row_id(text: str) -> bool:
    """Whether a text is the number of a row, one that fits into PostgreSQL's bigint."""
    return text.isascii() and text.isdigit() and len(text) <= 18
