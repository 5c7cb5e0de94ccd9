"""Batches that join the transaction of a run: PROOFS T073 (resumable)."""

import pytest
from django.db import transaction

from catalog.models import Book, Work
from catalog.services.imports.records import BookRecord
from catalog.services.imports.writer import Writer
from core.ids import uuid7
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-06")]
FIRST, SECOND = "9780140449136", "9780439023481"


class Killed(Exception):
    """The run ends here."""


def record(isbn13, **fields):
    return BookRecord(isbn13=isbn13, title="Crime and Punishment", **fields)


def writer(**options):
    return Writer(run_id=uuid7(), actor_id=None, **options)


def test_a_batch_is_lost_with_the_transaction_it_joined():
    def be_killed_after_the_batch():
        with transaction.atomic():
            assert writer().write([record(FIRST)]) == ["imported"]
            raise Killed

    with pytest.raises(Killed):
        be_killed_after_the_batch()
    assert (Book.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_a_dry_batch_leaves_the_transaction_it_joined_alone():
    with transaction.atomic():
        Work.objects.create(title="Kept")
        assert writer(dry_run=True).write([record(FIRST)]) == ["imported"]
    assert list(Work.objects.values_list("title", flat=True)) == ["Kept"]
    assert Book.objects.count() == 0


def test_on_written_hears_what_the_books_were():
    heard = []

    def hear(plans):
        heard.extend((plan.before.get("pages"), plan.book.pages) for plan in plans)

    writing = writer(on_written=hear)
    writing.write([record(FIRST, pages=10)])
    writing.write([record(FIRST, pages=10)])
    writing.write([record(FIRST, pages=12)])
    assert heard == [(None, 10), (10, 12)]


def test_works_of_an_earlier_writer_are_recalled():
    writer().write([record(FIRST, work="crime")])
    second = writer()
    second.recall_works({"crime": FIRST, "unknown": SECOND})
    second.write([record(SECOND, work="crime")])
    assert Work.objects.get().editions.count() == 2


def test_works_are_parted_without_recalling_them():
    writer().write([record(FIRST, work="crime")])
    writer().write([record(SECOND, work="crime")])
    assert Work.objects.count() == 2
