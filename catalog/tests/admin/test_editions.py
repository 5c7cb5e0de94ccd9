"""Editions on the staff desk: another one from a book, joined to a work, parted, works merged."""

import pytest
from django.urls import reverse

from catalog.models import Book, Work
from catalog.tests.factories import (
    BookFactory,
    GenreFactory,
    PublisherFactory,
    SeriesFactory,
    WorkFactory,
)
from core.models import AuditEntry
from tests.staff.forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-09")]
ADD = "/admin/catalog/book/add/"


def page(model, name, row):
    return reverse(f"admin:catalog_{model}_{name}", args=[row.pk])


def test_another_edition_begins_with_what_it_shares(manager):
    genre = GenreFactory()
    book = BookFactory(
        title="Emma",
        description="Clever.",
        authors=["Jane Austen", "Fiona Stafford"],
        genres=[genre],
        publisher=PublisherFactory(name="Penguin"),
        series=SeriesFactory(name="Classics"),
        series_number="4",
        price=None,
        format="PAPERBACK",
    )
    link = f"{ADD}?edition_of={book.pk}"
    assert link in manager.get(page("book", "change", book)).content.decode()

    form = manager.get(link)
    answer = manager.post(link, filled(form, isbn13="9780141439587", format="HARDBACK"))

    assert answer.status_code == 302, answer.context["errors"]
    other = Book.objects.exclude(pk=book.pk).get()
    assert (other.work_id, other.title, other.publisher_id, other.series_id) == (
        book.work_id,
        "Emma",
        book.publisher_id,
        book.series_id,
    )
    assert [credit.contributor.name for credit in other.credits.order_by("position")] == [
        "Jane Austen",
        "Fiona Stafford",
    ]
    assert (list(other.genres.all()), other.format) == ([genre], "HARDBACK")
    assert Work.objects.count() == 1


@pytest.mark.parametrize("said", ["0", "x", "-1", str(10**30), "%00"])
def test_another_edition_of_nothing_is_an_empty_form(manager, said):
    answer = manager.get(ADD, {"edition_of": said})
    assert answer.status_code == 200
    assert answer.context["adminform"].form["title"].value() is None


def test_edition_is_joined_to_another_work_by_its_form(manager):
    book, other = BookFactory(), BookFactory()
    alone = book.work_id
    form = manager.get(page("book", "change", book))
    answer = manager.post(page("book", "change", book), filled(form, work=other.work_id))
    assert answer.status_code == 302
    book.refresh_from_db()
    assert book.work_id == other.work_id
    assert not Work.objects.filter(pk=alone).exists()


def test_edition_is_taken_out_of_its_work(manager):
    work = WorkFactory(first_published_year=1815)
    book, other = BookFactory(work=work), BookFactory(work=work)
    button = page("book", "part_edition", book)
    assert button in manager.get(page("book", "change", book)).content.decode()

    assert manager.post(button, {"_form_submitted": "on"}).status_code == 302

    book.refresh_from_db()
    other.refresh_from_db()
    assert book.work_id != work.pk
    assert (book.work.first_published_year, other.work_id) == (1815, work.pk)
    assert (book.version, other.version) == (2, 2)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.old_value) == ("book.updated", {"work_id": work.pk})
    assert button not in manager.get(page("book", "change", book)).content.decode()
    answer = manager.post(button, {"_form_submitted": "on"}, follow=True)
    assert "It is the only edition of its work already." in answer.content.decode()


def test_works_are_merged_by_an_isbn_of_the_other(manager):
    double, right = WorkFactory(first_published_year=1815), WorkFactory(title="Emma")
    books = [BookFactory(work=double), BookFactory(work=double)]
    target = BookFactory(work=right, isbn13="9780141439587")

    shown = manager.get(page("work", "change", double)).text
    assert all(page("book", "change", book) in shown for book in books)
    said = {"_form_submitted": "on", "isbn": "0-14-143958-0"}
    answer = manager.post(page("work", "merge", double), said)

    assert answer.status_code == 302
    assert set(Book.objects.filter(work=right)) == {*books, target}
    assert not Work.objects.filter(pk=double.pk).exists()
    right.refresh_from_db()
    assert right.first_published_year == 1815
    assert set(Book.objects.values_list("version", flat=True)) == {2}
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.entity_id) == ("work.merged", str(right.pk))
    assert entry.new_value["books"] == [book.pk for book in books]


@pytest.mark.parametrize(
    ("isbn", "sentence"),
    [
        ("9780141439587", "This is the same work."),
        ("9780306406157", "We could not find this work."),
        ("nonsense", "We could not find this work."),
    ],
)
def test_merging_with_nothing_or_itself_is_refused(manager, isbn, sentence):
    work = BookFactory(isbn13="9780141439587").work
    said = {"_form_submitted": "on", "isbn": isbn}
    answer = manager.post(page("work", "merge", work), said, follow=True)
    assert sentence in answer.content.decode()
    assert (Work.objects.count(), AuditEntry.objects.count()) == (1, 0)


def test_employee_merges_and_parts_nothing(desk):
    employee = desk("EMPLOYEE")
    work = WorkFactory()
    book = BookFactory(work=work)
    BookFactory(work=work)
    for button in (page("work", "merge", work), page("book", "part_edition", book)):
        assert employee.post(button, {"_form_submitted": "on"}).status_code == 403
    assert "edition_of" not in employee.get(page("book", "change", book)).content.decode()
    assert AuditEntry.objects.count() == 0


def test_books_follow_a_changed_work(manager):
    book = BookFactory()
    form = manager.get(page("work", "change", book.work))
    manager.post(page("work", "change", book.work), filled(form, first_published_year="1815"))
    book.refresh_from_db()
    assert (book.work.first_published_year, book.version) == (1815, 2)
