"""Row locks with real rivals on real connections."""

from datetime import timedelta

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import locks
from core.errors import Busy
from core.models import IdempotencyRecord


def make_records(count: int) -> list[IdempotencyRecord]:
    soon = timezone.now() + timedelta(hours=1)
    return [
        IdempotencyRecord.objects.create(
            scope="test", route="test", key=str(n), claimed_until=soon, expires_at=soon
        )
        for n in range(count)
    ]


def hold(rival, record) -> None:
    rival.execute(
        "SELECT 1 FROM core_idempotencyrecord WHERE id = %s FOR NO KEY UPDATE", [record.pk]
    )


@pytest.mark.req("BASE-02")
@pytest.mark.django_db
def test_rows_are_locked_and_returned_in_primary_key_order():
    make_records(3)
    backwards = IdempotencyRecord.objects.order_by("-key")
    with CaptureQueriesContext(connection) as queries:
        rows = locks.lock_rows(backwards)

    assert [row.pk for row in rows] == sorted(row.pk for row in rows)
    statement = queries[-1]["sql"]
    assert statement.endswith(
        'ORDER BY "core_idempotencyrecord"."id" ASC FOR NO KEY UPDATE OF "core_idempotencyrecord"'
    )
    assert len(queries) == 2


@pytest.mark.django_db
def test_only_the_rows_themselves_are_locked_not_what_they_join():
    with CaptureQueriesContext(connection) as queries:
        locks.lock_rows(ContentType.objects.filter(permission__codename="view_user"))

    assert queries[-1]["sql"].endswith('FOR NO KEY UPDATE OF "django_content_type"')


@pytest.mark.django_db
def test_one_row_or_none():
    (record,) = make_records(1)

    assert locks.lock_row(IdempotencyRecord.objects.filter(pk=record.pk)) == record
    assert locks.lock_row(IdempotencyRecord.objects.filter(pk=0)) is None


@pytest.mark.django_db(transaction=True)
def test_lock_outside_a_transaction_is_refused():
    make_records(1)
    with pytest.raises(transaction.TransactionManagementError):
        locks.lock_rows(IdempotencyRecord.objects.all())


def test_lock_not_had_in_time_is_busy(rival, monkeypatch):
    monkeypatch.setattr(locks, "TIMEOUT", "200ms")
    (record,) = make_records(1)
    hold(rival, record)
    with pytest.raises(Busy) as refused, transaction.atomic():
        locks.lock_rows(IdempotencyRecord.objects.all())

    assert refused.value.retry_after == 2


def test_lock_released_in_time_is_had(rival, monkeypatch):
    monkeypatch.setattr(locks, "TIMEOUT", "200ms")
    (record,) = make_records(1)
    hold(rival, record)
    rival.execute(
        "UPDATE core_idempotencyrecord SET reference = 'theirs' WHERE id = %s", [record.pk]
    )
    rival.commit()
    with transaction.atomic():
        (row,) = locks.lock_rows(IdempotencyRecord.objects.all())

    assert row.reference == "theirs"


def test_patience_ends_with_the_transaction(rival, monkeypatch):
    monkeypatch.setattr(locks, "TIMEOUT", "123ms")
    with transaction.atomic():
        locks.lock_rows(IdempotencyRecord.objects.all())
        assert show_lock_timeout() == "123ms"

    assert show_lock_timeout() == "0"


def show_lock_timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return cursor.fetchone()[0]


def test_skip_locked_leaves_out_what_a_rival_holds(rival):
    first, second, third = make_records(3)
    hold(rival, second)
    with transaction.atomic():
        rows = locks.lock_rows(IdempotencyRecord.objects.all(), skip_locked=True)

    assert rows == [first, third]


ADD_CHILD = """
    INSERT INTO auth_permission (name, content_type_id, codename) VALUES ('test', %s, 'test')
"""


def test_foreign_keys_are_checked_beside_the_lock(rival):
    parent = ContentType.objects.create(app_label="test", model="test")
    # Django defers the check of foreign keys to the commit.
    rival.execute("SET lock_timeout = '200ms'; SET CONSTRAINTS ALL IMMEDIATE")
    with transaction.atomic():
        locks.lock_rows(ContentType.objects.filter(pk=parent.pk))
        rival.execute(ADD_CHILD, [parent.pk])


def test_full_lock_keeps_foreign_keys_waiting(rival):
    parent = ContentType.objects.create(app_label="test", model="test")
    # Django defers the check of foreign keys to the commit.
    rival.execute("SET lock_timeout = '200ms'; SET CONSTRAINTS ALL IMMEDIATE")
    with transaction.atomic():
        locks.lock_rows(ContentType.objects.filter(pk=parent.pk), for_key_update=True)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            rival.execute(ADD_CHILD, [parent.pk])


@pytest.mark.django_db
def test_other_database_errors_are_not_called_busy():
    class Broken:
        def order_by(self, *fields):
            raise OperationalError("something else")

    with pytest.raises(OperationalError, match="something else"):
        locks.lock_rows(Broken())
