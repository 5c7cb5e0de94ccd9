"""What Redis remembers: one question, nothing old after a commit, nothing needed of it."""

import pytest
from django.core.cache import cache
from django.db import transaction

from core import caching

pytestmark = pytest.mark.req("CATL-08")


@pytest.fixture(autouse=True)
def _empty(remembered_counts):
    caching.patience.regain()


def shout(keys):
    return {key: key.upper() for key in keys}


def counting(texts):
    """A maker that gives the next of `texts` each time."""
    left = iter(texts)
    return lambda: next(left)


def test_text_is_made_once():
    made = []

    def make(keys):
        made.append(keys)
        return shout(keys)

    assert caching.remembered(["a", "b", "a"], make) == ["A", "B", "A"]
    assert caching.remembered(["b", "c"], make) == ["B", "C"]
    assert made == [["a", "b"], ["c"]]


def test_what_cannot_be_made_is_empty_and_asked_for_again():
    assert caching.remembered(["a"], lambda _keys: {}) == [""]
    assert caching.remembered(["a"], shout) == ["A"]


@pytest.mark.django_db(transaction=True)
def test_generation_ends_with_the_commit():
    make = counting(["one", "two", "three"])
    assert caching.remembered_for_now("genres", "tree", make) == "one"
    assert caching.remembered_for_now("genres", "tree", make) == "one"
    with transaction.atomic():
        caching.forget("genres")
        assert caching.remembered_for_now("genres", "tree", make) == "one"

    assert caching.remembered_for_now("genres", "tree", make) == "two"
    assert caching.remembered_for_now("shelves", "tree", make) == "three"


@pytest.mark.django_db(transaction=True)
def test_generation_goes_on_after_a_rollback():
    make = counting(["one", "two"])
    caching.remembered_for_now("genres", "tree", make)
    with transaction.atomic():
        caching.forget("genres")
        transaction.set_rollback(True)

    assert caching.remembered_for_now("genres", "tree", make) == "one"


@pytest.mark.django_db(transaction=True)
def test_text_made_before_a_change_is_not_kept_after_it():
    """A reader that counted before the commit and keeps its text after it: under the old one."""

    def slow():
        caching.forget("genres")  # outside a transaction: at once
        return "old"

    assert caching.remembered_for_now("genres", "tree", slow) == "old"
    assert caching.remembered_for_now("genres", "tree", lambda: "new") == "new"


def test_evicted_generation_brings_nothing_back():
    make = counting(["one", "two"])
    caching.remembered_for_now("genres", "tree", make)
    cache.delete("generation:genres")

    assert caching.remembered_for_now("genres", "tree", make) == "two"


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_is_down")
def test_everything_is_made_anew_without_redis(caplog, django_capture_on_commit_callbacks):
    make = counting(["one", "two"])
    assert caching.remembered(["a"], shout) == ["A"]
    assert caching.remembered_for_now("genres", "tree", make) == "one"
    assert caching.remembered_for_now("genres", "tree", make) == "two"
    assert [line.message for line in caplog.records].count("cache unreachable") <= 1
    with django_capture_on_commit_callbacks(execute=True):
        caching.forget("genres")


def test_outage_is_waited_for_once():
    """For a while nothing is asked and nothing kept, though Redis may answer again by then."""
    caching.remembered(["a"], shout)
    caching.patience.lose(ConnectionError())

    assert caching.remembered(["a"], lambda _keys: {"a": "anew"}) == ["anew"]

    caching.patience.regain()
    assert caching.remembered(["a"], shout) == ["A"]
