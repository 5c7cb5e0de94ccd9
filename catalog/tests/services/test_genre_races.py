"""Two moves at once that together would make a ring of the tree of genres.

The service locks every genre. Without that lock nothing but the trigger of the table stops the
second move, and without both there is a ring.
"""

from collections import Counter
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.models import Genre
from catalog.services import genres
from catalog.tests.factories import GenreFactory
from core import locks
from core.models import AuditEntry
from tests.fixtures.at_once import DONE, all_at_once, count_endings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("CATL-02")]


def move_each_below_the_other(*, triggers=True):
    """Move two genres below each other at the same moment; return how the moves ended."""
    one, other = GenreFactory().pk, GenreFactory().pk

    def move(number):
        genre_id, parent_id = [(one, other), (other, one)][number]
        with transaction.atomic():
            if not triggers:
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL session_replication_role = replica")
            genres.change_genre(genre_id=genre_id, changes={"parent_id": parent_id}, actor_id=None)

    return count_endings(all_at_once(move, 2))


def lock_nothing(monkeypatch):
    """Let `lock_rows` only read; both moves have read the tree before either writes."""
    pair = Barrier(2, timeout=10)

    def read(rows, **kwargs):
        found = list(rows.order_by("pk"))
        with suppress(BrokenBarrierError):
            pair.wait()
        return found

    monkeypatch.setattr(locks, "lock_rows", read)


def genres_in_a_ring():
    parents = dict(Genre.objects.values_list("pk", "parent_id"))
    return sum(parents.get(parent) == genre for genre, parent in parents.items())


@pytest.mark.parametrize("attempt", range(5))
def test_second_of_two_moves_is_refused(attempt):
    assert move_each_below_the_other() == Counter({DONE: 1, "GenreCycle": 1})
    assert (genres_in_a_ring(), AuditEntry.objects.count()) == (0, 1)


def test_control_without_locks_the_trigger_refuses_the_second(monkeypatch):
    lock_nothing(monkeypatch)

    assert move_each_below_the_other() == Counter({DONE: 1, "GenreCycle": 1})
    assert (genres_in_a_ring(), AuditEntry.objects.count()) == (0, 1)


def test_control_without_locks_and_trigger_there_is_a_ring(monkeypatch):
    lock_nothing(monkeypatch)

    assert move_each_below_the_other(triggers=False) == Counter({DONE: 2})
    assert genres_in_a_ring() == 2


def test_trigger_refuses_rings_of_every_writer():
    top = GenreFactory()
    below = GenreFactory(parent=GenreFactory(parent=top))

    with pytest.raises(IntegrityError, match="would be part of itself"):
        Genre.objects.filter(pk=top.pk).update(parent=below)
    top.refresh_from_db()
    assert top.parent_id is None
