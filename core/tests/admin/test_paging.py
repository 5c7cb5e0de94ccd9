"""Counts of the desk's lists: exact while they are counted, said to be stopped where they were."""

import pytest

from core.admin import paging
from core.services import audit

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-01")]
LIST = "/admin/core/auditentry/"


def record(times):
    for number in range(times):
        audit.record_change(
            action="book.updated", entity_type="book", entity_id=number, actor_id=None, new={}
        )


def words_of(answer):
    return " ".join(answer.content.decode().split())


def test_list_says_how_many_rows_it_has(manager):
    record(2)
    shown = words_of(manager.get(LIST, {"entity_type": "book"}))
    assert "2 results" in shown
    assert "2 audit entries" in shown
    assert "or more" not in shown


def test_list_says_when_counting_stopped(manager, monkeypatch):
    monkeypatch.setattr(paging, "EXACT_UP_TO", 1_000)
    record(1_001)
    shown = words_of(manager.get(LIST, {"entity_type": "book"}))
    assert "1,000 or more results" in shown
    assert "1,000 or more audit entries" in shown


def test_list_offers_all_only_when_it_shows_less(manager):
    record(1)
    assert "Show all" not in words_of(manager.get(LIST))
    assert "Show all" in words_of(manager.get(LIST, {"entity_type": "book"}))
