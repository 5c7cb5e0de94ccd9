"""The same key and body get the same answer, whatever happens in between."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core.models import IdempotencyRecord
from core.services import idempotency

pytestmark = pytest.mark.req("COMM-03")


def claim(key: str = "key-1", *, scope: str = "user:1", fingerprint: str = "a"):
    return idempotency.claim_key(scope=scope, route="confirm", key=key, fingerprint=fingerprint)


def age(*, claimed: timedelta = timedelta(), expires: timedelta = timedelta()) -> None:
    """Make the one record older."""
    record = IdempotencyRecord.objects.get()
    record.claimed_until -= claimed
    record.expires_at -= expires
    record.save()


@pytest.mark.parametrize("raw", ["k", "a" * 255, '"quoted"', "!~", "  padded  "])
def test_well_formed_key_is_read(raw):
    assert idempotency.read_key(raw) == raw.strip().strip('"')


@pytest.mark.parametrize("raw", ["", '""', "a" * 256, "two words", "k\x00", "k\n1", "schlüssel"])
def test_odd_key_is_refused(raw):
    with pytest.raises(idempotency.KeyRequired):
        idempotency.read_key(raw)


def test_fingerprint_ignores_spaces_and_order():
    assert idempotency.fingerprint_of({"a": 1, "b": [1, 2]}) == idempotency.fingerprint_of(
        {"b": [1, 2], "a": 1}
    )
    assert idempotency.fingerprint_of({"a": 1}) != idempotency.fingerprint_of({"a": 2})


@pytest.mark.django_db(transaction=True)
def test_claim_is_committed_at_once_and_refused_inside_a_transaction():
    with pytest.raises(RuntimeError), transaction.atomic():
        claim()

    assert isinstance(claim(), idempotency.Claim)
    assert not connection.in_atomic_block
    assert IdempotencyRecord.objects.count() == 1


@pytest.mark.django_db
def test_stored_answer_is_replayed():
    idempotency.store_answer(claim(), status=201, body={"data": {"number": "F-1"}})

    assert claim() == idempotency.Replay(status=201, body={"data": {"number": "F-1"}})


@pytest.mark.django_db
def test_second_request_in_flight_is_refused():
    claim()
    with pytest.raises(idempotency.KeyInProgress) as refused:
        claim()

    assert refused.value.retry_after == 2


@pytest.mark.django_db
def test_other_body_is_refused_before_and_after_the_answer():
    mine = claim()
    with pytest.raises(idempotency.KeyReused):
        claim(fingerprint="b")
    idempotency.store_answer(mine, status=200, body={})
    with pytest.raises(idempotency.KeyReused):
        claim(fingerprint="b")


@pytest.mark.django_db
def test_same_key_of_somebody_else_is_another_key():
    idempotency.store_answer(claim(), status=200, body={"data": "mine"})

    assert isinstance(claim(scope="user:2"), idempotency.Claim)


@pytest.mark.django_db
def test_released_key_may_be_used_again():
    idempotency.release_claim(claim())

    assert isinstance(claim(fingerprint="corrected"), idempotency.Claim)


@pytest.mark.django_db
def test_claim_with_something_made_is_not_released():
    mine = claim()
    idempotency.attach_reference(mine, "order-1")
    idempotency.release_claim(mine)

    with pytest.raises(idempotency.KeyInProgress):
        claim()


@pytest.mark.django_db
def test_dead_claim_is_taken_over_with_its_reference():
    idempotency.attach_reference(claim(), "order-1")
    age(claimed=idempotency.CLAIM_LASTS + timedelta(seconds=1))
    taken = claim()

    assert isinstance(taken, idempotency.Claim)
    assert taken.reference == "order-1"
    with pytest.raises(idempotency.KeyInProgress):
        claim()


@pytest.mark.django_db
def test_living_claim_is_not_taken_over():
    claim()
    age(claimed=idempotency.CLAIM_LASTS - timedelta(seconds=5))

    with pytest.raises(idempotency.KeyInProgress):
        claim()


@pytest.mark.django_db
def test_late_worker_cannot_touch_a_claim_taken_over():
    late = claim()
    age(claimed=idempotency.CLAIM_LASTS + timedelta(seconds=1))
    taken = claim()

    with pytest.raises(idempotency.KeyInProgress):
        idempotency.attach_reference(late, "second-order")
    idempotency.store_answer(late, status=500, body={})
    idempotency.release_claim(late)
    idempotency.attach_reference(taken, "order-1")
    idempotency.store_answer(taken, status=201, body={"data": 1})
    assert claim() == idempotency.Replay(status=201, body={"data": 1})


@pytest.mark.django_db
def test_key_past_its_day_is_new_even_before_the_purge():
    idempotency.store_answer(claim(), status=201, body={})
    age(expires=timedelta(hours=25))

    assert isinstance(claim(fingerprint="b"), idempotency.Claim)


@pytest.mark.django_db
def test_purge_deletes_only_what_is_past_its_day():
    claim("old")
    age(expires=timedelta(hours=25))
    claim("new")

    assert idempotency.purge_expired() == 1
    assert [record.key for record in IdempotencyRecord.objects.all()] == ["new"]


def outcomes_of(rivals: int) -> list[str]:
    """Let rivals claim one key at the same instant; return how each fared."""
    together = threading.Barrier(rivals, timeout=20)
    outcomes = []

    def run() -> None:
        try:
            connection.ensure_connection()
            together.wait()
            outcomes.append(type(claim()).__name__)
        except idempotency.KeyInProgress:
            outcomes.append("KeyInProgress")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(rivals)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_claims_at_once_one_wins():
    assert outcomes_of(20) == ["Claim"] + ["KeyInProgress"] * 19


@pytest.mark.django_db(transaction=True)
def test_of_twenty_takeovers_at_once_one_wins():
    claim()
    age(claimed=idempotency.CLAIM_LASTS + timedelta(seconds=1))

    assert outcomes_of(20) == ["Claim"] + ["KeyInProgress"] * 19


@pytest.mark.django_db(transaction=True)
def test_record_released_between_write_and_look_is_in_progress(rival):
    """The rival's claim makes our INSERT fail, and is gone when we look for it."""
    now = timezone.now()
    rival.execute(
        "INSERT INTO core_idempotencyrecord"
        " (scope, route, key, fingerprint, state, claimed_until, reference, expires_at)"
        " VALUES ('user:1', 'confirm', 'key-1', 'a', 'IN_PROGRESS', %s, '', %s)",
        [now + timedelta(seconds=90), now + timedelta(hours=1)],
    )
    seen = []

    def run() -> None:
        try:
            claim()
        except Exception as error:  # noqa: BLE001  # whatever it is, the test shows it
            seen.append(type(error))
        finally:
            connection.close()

    def release_at_once(execute, sql, params, many, context):
        try:
            return execute(sql, params, many, context)
        finally:
            if sql.startswith("INSERT"):
                rival.execute("DELETE FROM core_idempotencyrecord")
                rival.commit()

    def run_with_release() -> None:
        with connection.execute_wrapper(release_at_once):
            run()

    thread = threading.Thread(target=run_with_release)
    thread.start()
    threading.Event().wait(0.3)
    rival.commit()
    thread.join(timeout=10)

    assert seen == [idempotency.KeyInProgress]
    assert not IdempotencyRecord.objects.exists()
