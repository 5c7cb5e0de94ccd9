"""What must always hold is looked for on live data, and a breach is loud."""

import io
import json

import pytest
from django.core.management import call_command

from core import invariants
from core.tests.test_locks import make_records

pytestmark = [pytest.mark.req("BASE-02"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _only_ours(monkeypatch):
    monkeypatch.setattr(invariants, "_registered", {})
    invariants.register("nothing", "nothing is wrong", "SELECT 1 WHERE false")
    invariants.register(
        "no_records", "there is 100% no record", "SELECT id, key FROM core_idempotencyrecord"
    )


def run(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("check_invariants", *arguments, stdout=out)
    except SystemExit as left:
        return left.code, out.getvalue()
    return 0, out.getvalue()


def test_clean_data_exits_with_0():
    status, text = run()

    assert status == 0
    assert text.splitlines() == [
        "holds   nothing: nothing is wrong",
        "holds   no_records: there is 100% no record",
    ]


def test_breach_exits_with_1_and_is_shown():
    (record,) = make_records(1)
    status, text = run()

    assert status == 1
    assert text.splitlines() == [
        "holds   nothing: nothing is wrong",
        "BROKEN  no_records: there is 100% no record",
        f"        ({record.pk}, '0')",
    ]


def test_breaches_for_machines_are_json():
    (record,) = make_records(1)
    status, text = run("--json")

    assert status == 1
    assert json.loads(text) == {"nothing": [], "no_records": [[str(record.pk), "0"]]}


def test_only_the_first_breaches_are_fetched():
    make_records(invariants.SHOWN + 5)
    (_, verdict) = invariants.check_all()

    assert len(verdict.breaches) == invariants.SHOWN


def test_each_invariant_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(2):
        invariants.check_all()
