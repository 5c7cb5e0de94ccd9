"""Books follow a new name, few in the transaction that renames, many by a job in batches."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import Book, Contributor
from catalog.selectors import search
from catalog.services import renames, search_index
from catalog.tests.factories import (
    BookFactory,
    GenreFactory,
    PublisherFactory,
    SeriesFactory,
    WorkFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-01", "CATL-08")]


def versions():
    return list(Book.objects.order_by("pk").values_list("version", flat=True))


@pytest.mark.parametrize("kind", ["contributor", "genre", "publisher", "series", "work"])
def test_books_that_show_a_name_have_a_new_version(kind):
    shown = {
        "genre": {"genres": [GenreFactory()]},
        "publisher": {"publisher": PublisherFactory()},
        "series": {"series": SeriesFactory()},
        "work": {"work": WorkFactory()},
        "contributor": {"authors": ["Ada First"]},
    }[kind]
    book = BookFactory(**shown)
    BookFactory()
    row = next(iter(shown.values()))
    row = {"genre": book.genres.first, "contributor": book.contributors.first}.get(
        kind, lambda: row
    )()
    getattr(renames, f"follow_{kind}")(**{f"{kind}_id": row.pk})
    assert versions() == [2, 1]


@pytest.fixture
def prolific(monkeypatch):
    """Somebody with more books than follow at once, under a new name."""
    monkeypatch.setattr(renames, "MOST_AT_ONCE", 3)
    books = [BookFactory(authors=["Ada First"]) for _ in range(7)]
    search_index.index_books([book.pk for book in books])
    person = Contributor.objects.get()
    Contributor.objects.update(name="Zoe Last", sort_name="last zoe")
    return person


def found(words):
    return Book.objects.filter(search.matches(words)).count()


def test_many_books_follow_by_a_job(prolific):
    renames.follow_contributor(contributor_id=prolific.pk)
    assert (versions(), found("zoe last")) == ([1] * 7, 0)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args["kind"], job.args["row_id"]) == (
        "catalog.follow_rename",
        "contributor",
        prolific.pk,
    )

    renames.follow_in_batches(kind="contributor", row_id=prolific.pk)

    assert (versions(), found("zoe last"), found("ada first")) == ([2] * 7, 7, 0)
    assert set(Book.objects.values_list("sort_author", flat=True)) == {"last zoe"}


def test_as_many_as_fit_follow_at_once(prolific, monkeypatch):
    monkeypatch.setattr(renames, "MOST_AT_ONCE", 7)
    renames.follow_contributor(contributor_id=prolific.pk)
    assert (versions(), ProcrastinateJob.objects.count()) == ([2] * 7, 0)


def test_no_batch_locks_more_than_it_may(prolific):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        renames.follow_in_batches(kind="contributor", row_id=prolific.pk)
    locking = [each["sql"] for each in asked if "FOR NO KEY UPDATE" in each["sql"]]
    assert [sql.partition(" IN (")[2].partition(")")[0].count(",") + 1 for sql in locking] == [
        3,
        3,
        1,
    ]
