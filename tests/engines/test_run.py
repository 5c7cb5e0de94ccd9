"""The supervisor behind `make run`, piece by piece; the whole is tried by the journeys."""

import os
import signal
import socket
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bookstore import processes, run
from bookstore.processes import Child

ENVIRONMENT = run.DEFAULTS | {"PORT": "8000"}


@pytest.fixture(autouse=True)
def own_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "DATA_DIR", tmp_path / ".data")
    (tmp_path / ".data").mkdir()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def until(condition: Callable[[], bool], child: Child) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        child.tend()
        time.sleep(0.01)


class TestEnvironment:
    def test_what_is_given_wins_over_dot_env_and_that_over_the_demo(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in run.DEFAULTS:
            monkeypatch.delenv(name, raising=False)
        (tmp_path / ".env").write_text("HTTPS=true\nTAX_RATE=17\nDEMO=\n")
        monkeypatch.setenv("TAX_RATE", "5")
        monkeypatch.setenv("HOST", "")

        environment = run.shop_environment()

        assert environment["TAX_RATE"] == "5"
        assert environment["HTTPS"] == "true"
        assert environment["DEMO"] == "true"
        assert environment["HOST"] == "127.0.0.1"

    @pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
    def test_a_port_that_is_none(self, port: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PORT", port)

        with pytest.raises(run.CannotRunError, match="from 1 to 65535"):
            run.shop_environment()

    @pytest.mark.req("BASE-03")
    def test_keys_are_made_once_and_only_we_can_read_them(self, tmp_path: Path) -> None:
        first: dict[str, str] = {}
        run.add_secrets(first)
        second: dict[str, str] = {"SECRET_KEY": "given"}
        run.add_secrets(second)

        assert len(first["SECRET_KEY"]) >= 50
        assert first["SECRET_KEY"] != first["JWT_SIGNING_KEY"]
        assert second == {"SECRET_KEY": "given", "JWT_SIGNING_KEY": first["JWT_SIGNING_KEY"]}
        mode = (tmp_path / ".data/secrets.env").stat().st_mode
        assert stat.S_IMODE(mode) == 0o600


class TestRefusals:
    def test_a_port_in_use_is_one_sentence(self, taken_port: int) -> None:
        with pytest.raises(run.CannotRunError) as refusal:
            run.check_port(ENVIRONMENT | {"PORT": str(taken_port)})

        assert f"make run PORT={taken_port + 1}" in str(refusal.value)
        assert "\n" not in str(refusal.value)

    def test_a_free_port(self, taken_port: int) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            free = probe.getsockname()[1]

        run.check_port(ENVIRONMENT | {"PORT": str(free)})

    def test_a_second_run_says_where_the_first_one_is(self) -> None:
        with (
            run.only_one(ENVIRONMENT | {"PORT": "8123"}),
            pytest.raises(run.CannotRunError, match=r"at http://localhost:8123/ \(process \d+\)"),
            run.only_one(ENVIRONMENT),
        ):
            pass

    def test_engines_of_a_killed_run_are_stopped_by_the_next(self) -> None:
        (run.DATA_DIR / "run.lock").write_text('{"pid": 1, "engines": ["postgres"]}')

        with run.only_one(ENVIRONMENT) as note:
            assert note["engines"] == ["postgres"]

        with run.only_one(ENVIRONMENT) as note:
            assert note["engines"] == []


class TestChild:
    def test_is_started_again_after_a_pause_that_doubles(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        moment = [0.0]
        monkeypatch.setattr(processes.time, "monotonic", lambda: moment[0])
        monkeypatch.setattr(processes, "ROOT", tmp_path)
        child = Child("clerk", [sys.executable, "-c", "raise SystemExit(7)"], dict(os.environ))

        for pause in (1, 2, 4):
            child.tend()
            assert child._process is not None
            child._process.wait()
            child.tend()
            assert f"ended with status 7; starting it again in {pause} s" in capsys.readouterr().out
            child.tend()
            assert child._process is None, "not before its pause is over"
            moment[0] += pause

    def test_ends_when_asked(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(processes, "ROOT", tmp_path)
        pause = "import signal; signal.pause()"
        child = Child("clerk", [sys.executable, "-c", pause], dict(os.environ))
        child.tend()
        process = child._process
        assert process is not None

        processes.stop_all([child])

        assert process.returncode == -signal.SIGTERM

    def test_is_killed_when_it_does_not_listen(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(processes, "ROOT", tmp_path)
        monkeypatch.setattr(processes, "SECONDS_TO_STOP", 0.1)
        ready = tmp_path / "ready"
        deaf = (
            "import pathlib, signal, sys\n"
            "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
            "pathlib.Path(sys.argv[1]).touch()\n"
            "while True: signal.pause()\n"
        )
        child = Child("clerk", [sys.executable, "-c", deaf, str(ready)], dict(os.environ))
        until(ready.exists, child)
        process = child._process
        assert process is not None

        processes.stop_all([child])

        assert process.returncode == -signal.SIGKILL
