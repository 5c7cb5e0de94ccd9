"""Signing in to the staff desk."""

import pytest
from django.test import Client

from accounts.tests.factories import UserFactory
from core.roles import Role


@pytest.fixture
def desk():
    """`desk(Role.MANAGER)`: a client of somebody with that role."""

    def sign_in(role):
        client = Client()
        client.user = UserFactory(role=role, email=f"{role.lower()}@example.com")
        client.force_login(client.user)
        return client

    return sign_in


@pytest.fixture
def manager(desk):
    """A manager at the desk."""
    return desk(Role.MANAGER)
