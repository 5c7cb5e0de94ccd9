"""Promises and the tests that name them."""

import re

import pytest

from tests.coverage_table import main, promises, proofs

pytestmark = pytest.mark.req("BASE-04")


def test_every_id_named_by_a_test_is_a_promise():
    unknown = {name: files for name, files in proofs().items() if name not in promises()}

    assert unknown == {}


def test_promises_are_numbered_without_gaps():
    numbers: dict[str, list[int]] = {}
    for name in promises():
        assert re.fullmatch(r"[A-Z]{3,4}-\d\d", name)
        group, number = name.split("-")
        numbers.setdefault(group, []).append(int(number))

    assert {group: sorted(found) for group, found in numbers.items()} == {
        group: list(range(1, len(found) + 1)) for group, found in numbers.items()
    }


def test_table_has_a_line_for_each_promise(capsys):
    main()
    lines = capsys.readouterr().out.splitlines()

    assert [line.split()[0] for line in lines[:-2]] == list(promises())
    assert lines[-1].endswith(f"of {len(promises())} promises have a test.")
