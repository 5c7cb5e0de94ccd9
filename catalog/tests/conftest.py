"""Fixtures of the catalogue's tests."""

import pytest

from catalog import signals


@pytest.fixture
def restocked():
    """Ids of the books told to be back, in order."""
    told = []

    def remember(sender, book_id, **kwargs):
        told.append(book_id)

    signals.book_restocked.connect(remember)
    yield told
    signals.book_restocked.disconnect(remember)
