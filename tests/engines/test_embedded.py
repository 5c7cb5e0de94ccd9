"""The private PostgreSQL and Redis: real servers in directories of their own."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from bookstore import embedded
from bookstore.embedded import Engines
from bookstore.engines import place, postgres
from bookstore.engines import redis as private_redis

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A fresh data directory; its engines are stopped whatever the test did to them.

    Not pytest's `tmp_path`: pytest closes that to everybody else, and as root the servers are
    somebody else.
    """
    with tempfile.TemporaryDirectory(prefix="engines-") as directory:
        data_dir = Path(directory).resolve() / ".data"
        yield data_dir
        embedded.stop(data_dir)


@pytest.fixture(scope="class")
def shared() -> Iterator[Engines]:
    """Running engines for tests that only look at them."""
    with tempfile.TemporaryDirectory(prefix="engines-") as directory:
        data_dir = Path(directory).resolve() / ".data"
        yield embedded.start(data_dir)
        embedded.stop(data_dir)


def ask(url: str, statement: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
    return row[0] if row else None


def execute(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def postmaster(data_dir: Path) -> psutil.Process:
    process = postgres.running(data_dir)
    assert process is not None
    return process


def redis_process(data_dir: Path) -> psutil.Process:
    process = private_redis.running(data_dir)
    assert process is not None
    return process


def kill(process: psutil.Process) -> None:
    process.send_signal(signal.SIGKILL)
    assert place.wait_for_end(process, 10)


def start_elsewhere(data_dir: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bookstore.embedded", "start", "--data-dir", str(data_dir)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


class TestStart:
    def test_brings_up_both_engines_and_says_how_to_reach_them(self, data_dir: Path) -> None:
        engines = embedded.start(data_dir)

        assert engines.started == {"postgres", "redis"}
        assert ask(engines.database_url, "SELECT current_database()") == "bookstore"
        assert redis.Redis.from_url(engines.redis_url).ping()
        assert (data_dir / "engines.env").read_text().splitlines() == [
            f"DATABASE_URL='{engines.database_url}'",
            f"REDIS_URL='{engines.redis_url}'",
        ]
        assert embedded.status(data_dir) == {"postgres": True, "redis": True}

    def test_a_second_start_finds_the_running_ones(self, data_dir: Path) -> None:
        first = embedded.start(data_dir)
        processes = postmaster(data_dir).pid, redis_process(data_dir).pid

        second = embedded.start(data_dir)

        assert second.started == frozenset()
        assert (second.database_url, second.redis_url) == (first.database_url, first.redis_url)
        assert (postmaster(data_dir).pid, redis_process(data_dir).pid) == processes

    def test_two_processes_at_once_share_one_pair(self, data_dir: Path) -> None:
        rivals = [start_elsewhere(data_dir), start_elsewhere(data_dir)]
        answers = [rival.communicate(timeout=120) for rival in rivals]

        assert [rival.returncode for rival in rivals] == [0, 0], answers
        assert answers[0][0] == answers[1][0]
        log = (data_dir / "postgres.log").read_text()
        assert log.count("ready to accept connections") == 1

    def test_the_engines_outlive_the_process_that_started_them(self, data_dir: Path) -> None:
        starter = start_elsewhere(data_dir)
        starter.communicate(timeout=120)
        assert starter.returncode == 0

        assert embedded.start(data_dir).started == frozenset()

    def test_a_path_too_long_for_a_socket(self, data_dir: Path) -> None:
        long = data_dir / ("very long directory name " * 6).strip() / "it's"
        try:
            engines = embedded.start(long)

            assert not engines.sockets.is_relative_to(long)
            assert len(os.fsencode(engines.sockets)) < 80
            assert ask(engines.database_url, "SELECT 1") == 1
            assert redis.Redis.from_url(engines.redis_url).ping()
            assert embedded.start(long).sockets == engines.sockets
        finally:
            embedded.stop(long)
        assert not engines.sockets.exists()

    def test_another_port_in_the_developers_environment(
        self, data_dir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PGPORT", "5999")
        monkeypatch.setenv("PGDATA", "/nonexistent")

        assert ask(embedded.start(data_dir).database_url, "SELECT 1") == 1


class TestServer:
    def test_folds_accents_and_keeps_what_it_commits(self, shared: Engines) -> None:
        url = shared.database_url

        assert ask(url, "SELECT lower('ÉÀŽ')") == "éàž"
        assert ask(url, "SHOW server_encoding") == "UTF8"
        assert ask(url, "SHOW data_checksums") == "on"
        assert ask(url, "SHOW fsync") == "on"
        assert ask(url, "SHOW synchronous_commit") == "on"
        assert ask(url, "SHOW max_connections") == "100"

    def test_has_the_extensions_that_search_needs(self, shared: Engines) -> None:
        url = shared.database_url

        execute(url, *(f"CREATE EXTENSION {name}" for name in ("pg_trgm", "unaccent", "btree_gin")))

    def test_redis_keeps_carts_and_never_evicts(self, shared: Engines) -> None:
        client = redis.Redis.from_url(shared.redis_url, decode_responses=True)

        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("appendfsync") == {"appendfsync": "everysec"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}

    def test_nobody_else_can_reach_them(self, shared: Engines) -> None:
        assert stat.S_IMODE(shared.sockets.stat().st_mode) == 0o700
        assert ask(shared.database_url, "SHOW listen_addresses") == ""
        assert redis.Redis.from_url(shared.redis_url).config_get("port")["port"] == "0"
        rules = ask(
            shared.database_url,
            "SELECT string_agg(type || ' ' || auth_method, ',') FROM pg_hba_file_rules",
        )
        assert rules == "local peer,local peer"

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can try as another user")
    def test_another_user_is_refused_even_at_an_open_socket(self, shared: Engines) -> None:
        doors = [shared.sockets, shared.sockets / ".s.PGSQL.5432"]
        for door in doors:
            door.chmod(0o777)

        psql = postgres._installation() / "pginstall/bin/psql"
        attempt = subprocess.run(
            [psql, shared.database_url, "-c", "SELECT 1"],
            user=2,  # `bin`, on every system
            group=2,
            extra_groups=[],
            cwd="/",
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        for door in doors:
            door.chmod(0o700)

        assert attempt.returncode == 2
        assert "Peer authentication failed" in attempt.stderr


class TestHealing:
    def test_after_kill_minus_nine(self, data_dir: Path) -> None:
        engines = embedded.start(data_dir)
        execute(engines.database_url, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
        kill(postmaster(data_dir))
        kill(redis_process(data_dir))

        again = embedded.start(data_dir)

        assert again.started == {"postgres", "redis"}
        assert ask(again.database_url, "SELECT n FROM kept") == 7

    def test_when_the_old_number_is_another_programs_by_now(self, data_dir: Path) -> None:
        embedded.start(data_dir)
        pid_files = [data_dir / "postgres/postmaster.pid", data_dir / "redis/redis.pid"]
        lines = pid_files[0].read_text().splitlines()
        kill(postmaster(data_dir))
        kill(redis_process(data_dir))
        stranger = subprocess.Popen(
            [sys.executable, "-c", "import sys; sys.stdin.read()"],
            stdin=subprocess.PIPE,
            **place.running_as(place.server_account(data_dir / "postgres"))
            if os.geteuid() != 0
            else {},
        )
        try:
            pid_files[0].write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
            pid_files[1].write_text(f"{stranger.pid}\n")

            assert embedded.status(data_dir) == {"postgres": False, "redis": False}
            assert embedded.start(data_dir).started == {"postgres", "redis"}
            assert stranger.poll() is None
        finally:
            stranger.communicate()

    def test_when_only_one_engine_died(self, data_dir: Path) -> None:
        embedded.start(data_dir)
        kill(redis_process(data_dir))

        assert embedded.start(data_dir).started == {"redis"}

    def test_a_half_done_initdb_is_made_again(self, data_dir: Path) -> None:
        for name in ("postgres", "postgres.partial"):
            (data_dir / name / "base").mkdir(parents=True)
            (data_dir / name / "PG_VERSION").write_text("18\n")

        assert ask(embedded.start(data_dir).database_url, "SELECT 1") == 1
        assert not (data_dir / "postgres.partial").exists()

    def test_sockets_that_were_deleted_under_running_engines(self, data_dir: Path) -> None:
        engines = embedded.start(data_dir)
        for path in engines.sockets.iterdir():
            path.unlink()

        again = embedded.start(data_dir)

        assert again.started == {"postgres", "redis"}
        assert ask(again.database_url, "SELECT 1") == 1

    def test_a_cluster_of_another_version_is_not_touched(self, data_dir: Path) -> None:
        embedded.start(data_dir)
        embedded.stop(data_dir)
        (data_dir / "postgres/PG_VERSION").write_text("17\n")

        with pytest.raises(place.EngineError, match="was made by PostgreSQL 17"):
            embedded.start(data_dir)

        assert (data_dir / "postgres/global/pg_control").exists()


class TestStop:
    def test_ends_both_and_keeps_what_they_hold(self, data_dir: Path) -> None:
        engines = embedded.start(data_dir)
        redis.Redis.from_url(engines.redis_url).set("cart", "3")
        execute(engines.database_url, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
        processes = [postmaster(data_dir), redis_process(data_dir)]

        assert embedded.stop(data_dir) == {"postgres", "redis"}

        assert all(place.wait_for_end(process, 0.1) for process in processes)
        again = embedded.start(data_dir)
        assert redis.Redis.from_url(again.redis_url).get("cart") == b"3"
        assert ask(again.database_url, "SELECT n FROM kept") == 7
        assert "was not properly shut down" not in (data_dir / "postgres.log").read_text()

    def test_only_what_was_asked_for(self, data_dir: Path) -> None:
        embedded.start(data_dir)

        assert embedded.stop(data_dir, frozenset({"redis"})) == {"redis"}
        assert embedded.status(data_dir) == {"postgres": True, "redis": False}

    def test_when_nothing_is_up(self, data_dir: Path) -> None:
        assert embedded.stop(data_dir) == frozenset()
        assert not data_dir.exists()
