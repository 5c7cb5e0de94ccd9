"""Books are written with their cover: a picture that was sent before, or an address."""

import pytest

from catalog.models import Book, Cover
from catalog.tests import cover_jobs
from catalog.tests.api.test_covers import upload
from catalog.tests.factories import BookFactory, BranchFactory
from core.ids import uuid7

pytestmark = [pytest.mark.req("CATL-07"), pytest.mark.django_db]
ADDRESS = "https://127.0.0.1/x.jpg"
NEW = {"isbn": "9780141439518", "title": "Emma", "price": "40.00"}


def test_new_book_has_the_picture_that_was_sent_before(manager, media):
    BranchFactory(is_warehouse=True)
    sent = upload(manager)
    cover_jobs.do_all()
    answer = manager.post("books", NEW | {"cover": sent["id"]})

    assert answer.status_code == 201
    told = answer.json()["data"]
    cover = Cover.objects.get()
    assert (cover.book_id, told["cover_url"]) == (told["id"], f"/media/covers/{cover.key}/480.jpg")


def test_picture_of_an_address_is_fetched_for_the_book(manager, media):
    book = BookFactory()
    answer = manager.patch(f"books/{book.pk}", {"cover_url": ADDRESS})

    assert answer.status_code == 200
    assert answer.json()["data"]["version"] == book.version + 1
    assert (Cover.objects.get().book_id, Cover.objects.get().state) == (book.pk, "FETCHING")


def test_facts_and_cover_are_changed_together_or_not_at_all(manager, media):
    book = BookFactory(title="Emma")
    wrong = {"title": "Persuasion", "cover": str(uuid7())}
    answer = manager.patch(f"books/{book.pk}", wrong)

    assert (answer.status_code, list(answer.json()["error"]["details"])) == (400, ["cover"])
    assert Book.objects.get().title == "Emma"
    right = {"title": "Persuasion", "cover": upload(manager)["id"]}
    assert manager.patch(f"books/{book.pk}", right).status_code == 200
    assert (Book.objects.get().title, Cover.objects.get().book_id) == ("Persuasion", book.pk)


def test_what_says_nothing_of_the_cover_leaves_it(manager, media):
    book = BookFactory(isbn13=NEW["isbn"])
    manager.patch(f"books/{book.pk}", {"cover": upload(manager)["id"]})

    assert manager.put(f"books/{book.pk}", NEW).status_code == 200
    assert Cover.objects.get().book_id == book.pk


@pytest.mark.parametrize(
    "wrong",
    [
        {"cover": "x"},
        {"cover": None},
        {"cover_url": "/covers/1.svg"},
        {"cover": str(uuid7()), "cover_url": ADDRESS},
    ],
)
def test_senseless_cover_is_refused(wrong, manager):
    book = BookFactory()

    assert manager.patch(f"books/{book.pk}", wrong).status_code == 400
    assert Cover.objects.count() == 0
