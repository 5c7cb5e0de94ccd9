"""Identifiers: those that we make, and those that people write into addresses."""

import uuid

import uuid_utils.compat

BIGGEST_ID = 2**63 - 1  # of a row: PostgreSQL's bigint


def uuid7() -> uuid.UUID:
    """Return a UUIDv7: unique everywhere, index-friendly, tells roughly when it was made."""
    return uuid_utils.compat.uuid7()


def is_row_id(text: str) -> bool:
    """Whether a text is the number of a row, one that fits into PostgreSQL's bigint."""
    return text.isascii() and text.isdigit() and len(text) <= 18
