"""Fixtures of the catalogue's tests of the API."""

import pytest

from accounts.tests.factories import PASSWORD, ManagerFactory


@pytest.fixture
def manager(api):
    """The API as a manager, who is its `user`, uses it."""
    api.user = ManagerFactory()
    api.sign_in(api.user.email, PASSWORD)
    return api
