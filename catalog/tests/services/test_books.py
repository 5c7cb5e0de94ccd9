"""Books written by hand."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.postgres.search import SearchQuery

from catalog import errors
from catalog.models import Book, BookSearchDocument, Contributor, Work
from catalog.services import books
from catalog.services.book_drafts import BookDraft, Credit
from catalog.tests.factories import BookFactory, GenreFactory
from core.errors import Invalid
from core.models import AuditEntry

pytestmark = pytest.mark.django_db

ACTOR = uuid.uuid4()


def a_draft(**changes):
    facts = {
        "isbn": "0-14-044913-2",
        "title": " Crime  and Punishment ",
        "credits": (
            Credit(name="David McDuff", role="TRANSLATOR"),
            Credit(name="Fyodor Dostoyevsky"),
        ),
        "price": Decimal("49.90"),
        "publisher": "Penguin Classics",
        "published_on": date(2003, 1, 1),
        "published_precision": "YEAR",
        "language": "en",
        "format": "PAPERBACK",
        "pages": 671,
        "first_published_year": 1866,
    }
    return BookDraft(**(facts | changes))


def save(book_id=None, **changes):
    return books.save_book(draft=a_draft(**changes), actor_id=ACTOR, book_id=book_id)


def actions():
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


@pytest.mark.req("CATL-01")
def test_save_book_creates_everything_the_draft_names():
    genre = GenreFactory()
    book = save(genre_ids=(genre.pk,), series="Great Russians", series_number="2")
    book = Book.objects.get(pk=book.pk)
    assert (book.isbn13, book.title, book.slug) == (
        "9780140449136",
        "Crime and Punishment",
        "crime-and-punishment",
    )
    assert (book.sort_title, book.sort_author) == ("crime and punishment", "dostoyevsky fyodor")
    assert (book.publisher.name, book.series.name) == ("Penguin Classics", "Great Russians")
    assert (book.work.title, book.work.first_published_year) == ("Crime and Punishment", 1866)
    assert list(book.credits.order_by("position").values_list("contributor__name", "role")) == [
        ("David McDuff", "TRANSLATOR"),
        ("Fyodor Dostoyevsky", "AUTHOR"),
    ]
    assert list(book.genres.all()) == [genre]
    assert (book.version, book.is_in_stock) == (1, False)
    query = SearchQuery("dostoyevsky", config="book_text")
    assert BookSearchDocument.objects.filter(pk=book.pk, document=query).count() == 1
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.entity_id, entry.actor_id) == ("book.created", str(book.pk), ACTOR)
    assert entry.old_value is None
    assert entry.new_value["price"] == "49.90"


@pytest.mark.req("CATL-01")
def test_save_book_changes_only_what_differs():
    book = save()
    save(book.pk, title="Crime & Punishment", credits=(Credit(name="Fyodor Dostoyevsky"),))
    changed = Book.objects.get(pk=book.pk)
    assert (changed.title, changed.version, changed.work_id) == (
        "Crime & Punishment",
        2,
        book.work_id,
    )
    assert changed.credits.count() == 1
    assert Contributor.objects.count() == 2
    entry = AuditEntry.objects.get(action="book.updated")
    assert sorted(entry.new_value) == ["credits", "title"]
    assert entry.old_value["title"] == "Crime and Punishment"


@pytest.mark.req("CATL-01")
def test_save_book_with_nothing_new_leaves_no_trace():
    book = save()
    save(book.pk)
    assert Book.objects.get(pk=book.pk).version == 1
    assert actions() == ["book.created"]


@pytest.mark.req("CATL-01")
def test_save_book_with_a_known_isbn_is_refused():
    book = save()
    with pytest.raises(errors.BookDuplicateIsbn) as caught:
        save(isbn="9780140449136", title="Another")
    assert caught.value.code == "BOOK_DUPLICATE_ISBN"
    assert caught.value.data == {
        "isbn13": "9780140449136",
        "book_id": book.pk,
        "is_withdrawn": False,
    }
    other = BookFactory()
    with pytest.raises(errors.BookDuplicateIsbn):
        save(other.pk)
    assert actions() == ["book.created"]
    assert Book.objects.get(pk=book.pk).title == "Crime and Punishment"


@pytest.mark.req("CATL-01")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"isbn": "9780140449137"}, "isbn"),
        ({"isbn": ""}, "isbn"),
        ({"title": "  "}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"price": Decimal(-1)}, "price"),
        ({"price": Decimal("1.001")}, "price"),
        ({"pages": -1}, "pages"),
        ({"format": "SCROLL"}, "format"),
        ({"language": "eng"}, "language"),
        ({"genre_ids": (0,)}, "genres"),
        ({"work_id": 0}, "work_id"),
        ({"credits": (Credit(name=" "),)}, "authors"),
        ({"credits": (Credit(name="Somebody", role="COOK"),)}, "authors"),
    ],
)
def test_save_book_with_senseless_facts_is_invalid_and_keeps_nothing(change, field):
    with pytest.raises(Invalid) as caught:
        save(**change)
    assert list(caught.value.data["fields"]) == [field]
    assert (Book.objects.count(), Work.objects.count(), actions()) == (0, 0, [])


@pytest.mark.req("CATL-09")
def test_save_book_joins_the_editions_of_a_work():
    paperback = save()
    hardback = save(isbn="9780679420293", format="HARDBACK")
    alone = hardback.work_id
    save(hardback.pk, isbn="9780679420293", format="HARDBACK", work_id=paperback.work_id)
    assert paperback.work.editions.count() == 2
    assert Work.objects.filter(pk=alone).count() == 0


@pytest.mark.req("CATL-01")
def test_withdraw_book_takes_it_out_and_restore_brings_it_back():
    book = save()
    books.withdraw_book(book_id=book.pk, actor_id=ACTOR)
    books.withdraw_book(book_id=book.pk, actor_id=ACTOR)
    assert list(Book.objects.listed()) == []
    with pytest.raises(errors.BookWithdrawn):
        save(book.pk, title="Changed")
    books.restore_book(book_id=book.pk, actor_id=ACTOR)
    assert list(Book.objects.listed()) == [book]
    assert Book.objects.get().version == 3
    assert actions() == ["book.created", "book.withdrawn", "book.restored"]


@pytest.mark.req("CATL-01")
def test_save_book_with_a_withdrawn_isbn_brings_the_same_id_back():
    book = save()
    books.withdraw_book(book_id=book.pk, actor_id=ACTOR)
    again = save(title="Crime and Punishment, revised")
    assert again.pk == book.pk
    assert Book.objects.listed().get().title == "Crime and Punishment, revised"
    assert actions() == ["book.created", "book.withdrawn", "book.restored"]


@pytest.mark.req("CATL-01")
def test_withdraw_unknown_book_is_not_found():
    with pytest.raises(errors.BookNotFound):
        books.withdraw_book(book_id=0, actor_id=ACTOR)
    with pytest.raises(errors.BookNotFound):
        save(0)
