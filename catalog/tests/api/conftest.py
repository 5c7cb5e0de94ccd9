"""Fixtures of the catalogue's tests of the API."""

import pytest

from accounts.tests.factories import PASSWORD, ManagerFactory


@pytest.fixture
def manager(api):
    """The API as a manager uses it."""
    api.sign_in(ManagerFactory().email, PASSWORD)
    return api
