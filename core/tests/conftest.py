"""What the kernel's tests share."""

import socket

import psycopg
import pytest
from django.db import connection


@pytest.fixture
def rival(transactional_db):
    """A second connection to the test database, as another process would hold it."""
    settings = connection.settings_dict
    with psycopg.connect(
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        host=settings["HOST"],
        port=settings["PORT"],
    ) as other:
        yield other
        other.rollback()


@pytest.fixture
def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
