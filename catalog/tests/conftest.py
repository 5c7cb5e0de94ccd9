"""Fixtures of the catalogue's tests."""

import pytest
from django.test import Client

from accounts.tests.factories import EmployeeFactory
from catalog import signals
from catalog.services import branch_staff


@pytest.fixture
def restocked():
    """Ids of the books told to be back, in order."""
    told = []

    def remember(sender, book_id, **kwargs):
        told.append(book_id)

    signals.book_restocked.connect(remember)
    yield told
    signals.book_restocked.disconnect(remember)


@pytest.fixture
def tied_to():
    """`tied_to(branch)`: a client of an employee who works there, who is its `user`."""

    def sign_in(branch):
        client = Client()
        client.user = EmployeeFactory()
        branch_staff.set_staff(branch_id=branch.pk, user_ids=[client.user.pk], actor_id=None)
        client.force_login(client.user)
        return client

    return sign_in
