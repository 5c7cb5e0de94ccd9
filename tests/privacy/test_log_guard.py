"""T097: the guard over the logs of the whole suite is awake."""

import json
import os
import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT
from tests.fixtures.log_guard import faults_of

pytestmark = pytest.mark.req("BASE-05")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("sent to reader@example.com", "an e-mail address"),
        ("Bearer eyJhbGciOi.eyJzdWIi.c2ln", "a token"),
        ("charged tok_visa", "a card's token"),
        ("4242 4242 4242 4242", "a card's number"),
        ("GET /reset/AZq7bW2wdHGqtQ1nC8xJ5g.u5oPRsJ0cVXl2Qk3mT8eYhNwD7zF1aBi", "a one-time secret"),
        ("password bookstore-demo", "a password of the tests"),
        ("to 12 Book Lane", "somebody's address"),
        ("for Reader 12", "somebody's name"),
        ("call +972 4 555", "somebody's telephone"),
        ("Canary Street", "a value planted to be found"),
        ('{"event": "one"}\n{"event": "forged"}', "a line within the line"),
    ],
)
def test_guard_knows_what_must_not_be_logged(line, fault):
    assert list(faults_of(line)) == [fault]


def test_guard_lets_plain_lines_pass():
    line = {"event": "request", "route": "api/v1/users/me", "status": 200, "request_id": "a-b.c"}
    assert list(faults_of(json.dumps(line) + "\n")) == []


PLANTED = """
import logging

import structlog


def test_quiet():
    logging.getLogger("shop").info("nothing about anybody")


def test_careless():
    logging.getLogger("shop").info("parcel goes to 12 Book Lane")


def test_hidden_by_the_formatter():
    structlog.get_logger("shop").warning("mailed reader@example.com", password="bookstore-demo")


def test_server(tmp_path):
    (tmp_path / "web.log").write_text('{"event": "fine"}\\n{"event": "tok_visa was charged"}\\n')
"""


def run(tmp_path, *arguments):
    (tmp_path / "test_planted.py").write_text(PLANTED)
    ini = tmp_path / "pytest.ini"
    ini.write_text(f"[pytest]\nDJANGO_SETTINGS_MODULE = bookstore.testing\npythonpath = {ROOT}\n")
    command = [sys.executable, "-m", "pytest", "-c", str(ini), "-p", "tests.fixtures.log_guard"]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", str(tmp_path / "test_planted.py"), *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_planted_line_fails_the_run_and_names_its_test(tmp_path):
    done = run(tmp_path)

    assert done.returncode == 1, done.stdout + done.stderr
    assert "4 passed" in done.stdout
    summary = done.stdout.partition("Personal values in the logs")[2].splitlines()[1:]
    found = [line.partition(": {")[0] for line in summary if ": {" in line]
    assert len(found) == 2
    assert found[0] == "test_planted.py::test_careless: somebody's address"
    assert found[1].endswith("web.log:2: a card's token")


def test_clean_run_passes(tmp_path):
    done = run(tmp_path, "-k", "quiet or hidden")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Personal values" not in done.stdout
