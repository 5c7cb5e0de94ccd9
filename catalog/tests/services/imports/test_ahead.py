"""Reading on in a thread loses nothing and hides nothing (CATL-06)."""

import threading

import pytest

from catalog.services.imports.ahead import read_ahead

pytestmark = pytest.mark.req("CATL-06")


def threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("read-ahead")]


@pytest.mark.parametrize("number", [0, 1, 2, 3, 7])
def test_items_come_in_their_order(number):
    assert list(read_ahead(iter(range(number)), at_once=3)) == list(range(number))
    assert threads() == []


@pytest.mark.parametrize("number", [0, 1, 3, 4])
def test_what_goes_wrong_comes_after_what_went_well(number):
    def broken():
        yield from range(number)
        raise ValueError("the file breaks off")

    seen = []
    with pytest.raises(ValueError, match="breaks off"):
        seen.extend(read_ahead(broken(), at_once=3))
    # `extend` keeps what came before the error.
    assert seen == list(range(number))
    assert threads() == []


def test_the_next_are_read_while_the_caller_is_busy():
    has_gone_on = threading.Event()

    def source():
        yield 1
        has_gone_on.set()
        yield 2

    rows = read_ahead(source(), at_once=1)
    assert next(rows) == 1
    assert has_gone_on.wait(timeout=10)
    assert list(rows) == [2]


def test_whoever_stops_early_leaves_no_thread_behind():
    rows = read_ahead(iter(range(100)), at_once=3)
    assert next(rows) == 0
    rows.close()
    assert threads() == []
