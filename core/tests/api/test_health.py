"""Health tells which part fails, soon, and nothing more."""

import time

import pytest
from django.conf import settings as shop
from django.db import connection, connections

from core import health
from core import redis as shop_redis

pytestmark = [pytest.mark.urls("core.tests.urls"), pytest.mark.req("BASE-01")]


def heartbeat(seconds_ago: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def failing(response, parts: dict[str, str]) -> None:
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    error = response.json()["error"]
    names = ", ".join(name for name, state in parts.items() if state != "ok")
    assert error == {
        "code": "SERVICE_UNAVAILABLE",
        "message": f"Not working: {names}.",
        "details": {"status": "failing", "checks": parts, "version": shop.VERSION},
        "request_id": response["X-Request-Id"],
    }


@pytest.mark.django_db
def test_everything_answers(api):
    heartbeat(5)
    response = api.get("health")

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response.json() == {
        "data": {
            "status": "ok",
            "checks": {"database": "ok", "cache": "ok", "jobs": "ok"},
            "version": shop.VERSION,
        }
    }


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [None, 61, 3_600])
def test_no_living_worker_fails_the_jobs(api, seconds):
    if seconds:
        heartbeat(seconds)

    failing(api.get("health"), {"database": "ok", "cache": "ok", "jobs": "failing"})


@pytest.mark.django_db
def test_one_living_worker_among_dead_ones_is_enough(api):
    for seconds in (300, 59, 1_000):
        heartbeat(seconds)

    assert api.get("health").status_code == 200


@pytest.fixture
def redis_away(settings, free_port):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port}/0"
    shop_redis.client.cache_clear()
    yield
    shop_redis.client.cache_clear()


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_away")
def test_cache_away_is_named_soon(api):
    heartbeat(5)
    started = time.perf_counter()
    response = api.get("health")

    failing(response, {"database": "ok", "cache": "failing", "jobs": "ok"})
    assert time.perf_counter() - started < 1


@pytest.mark.usefixtures("redis_away")
def test_readiness_does_not_need_the_cache(api, db):
    assert api.get("health/ready").json()["data"]["checks"] == {
        "database": "ok",
        "migrations": "ok",
    }


@pytest.fixture
def database_away(free_port, transactional_db):
    """The shop's database at an address where nobody listens."""
    real = connection.settings_dict
    connection.close()
    connection.settings_dict = real | {"HOST": "127.0.0.1", "PORT": str(free_port)}
    yield
    connections["default"].settings_dict = real


@pytest.mark.usefixtures("database_away")
def test_database_away_is_named_soon_and_nothing_else_told(api):
    started = time.perf_counter()
    response = api.get("health")

    failing(response, {"database": "failing", "cache": "ok", "jobs": "failing"})
    assert time.perf_counter() - started < 2
    assert b"127.0.0.1" not in response.content


@pytest.mark.usefixtures("database_away")
def test_not_ready_without_a_database(api, monkeypatch):
    monkeypatch.setattr(health, "_migrated", health._Migrations())

    failing(api.get("health/ready"), {"database": "failing", "migrations": "failing"})


@pytest.mark.usefixtures("database_away")
def test_live_asks_nobody(api):
    response = api.get("health/live")

    assert response.status_code == 200
    assert response.json()["data"]["checks"] == {"process": "ok"}


@pytest.mark.django_db
def test_slow_database_is_given_up_on(monkeypatch):
    monkeypatch.setattr(health, "STATEMENT_TIMEOUT", "50ms")
    monkeypatch.setattr(health, "_ask_database", lambda: health._select("SELECT pg_sleep(5)"))
    started = time.perf_counter()

    assert health.check_everything().checks["database"] == "failing"
    assert time.perf_counter() - started < 1


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(api, monkeypatch):
    monkeypatch.setattr(health, "_migrated", health._Migrations())
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE id ="
            " (SELECT max(id) FROM django_migrations WHERE app = 'core')"
        )

    failing(api.get("health/ready"), {"database": "ok", "migrations": "failing"})


@pytest.mark.django_db
def test_good_news_is_remembered(api, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(health, "_migrated", health._Migrations())
    assert api.get("health/ready").status_code == 200
    with django_assert_num_queries(4):  # savepoint, time-out, question, savepoint
        assert api.get("health/ready").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["Bearer nonsense", "Basic eDp5"])
def test_credentials_do_not_matter(api, header):
    assert api.get("health/ready", headers={"Authorization": header}).status_code == 200
