"""Writing a book that somebody else may have changed: ETag and If-Match."""

import pytest

from catalog.models import Book
from catalog.tests.factories import BookFactory, InventoryFactory
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-01")]


ISBN = "9780141439587"


def body(title):
    return {"isbn": ISBN, "title": title, "price": "39.90"}


def audited():
    return list(AuditEntry.objects.filter(entity_type="book").values_list("action", flat=True))


def tag_of(api, book_id):
    return api.get(f"books/{book_id}")["ETag"]


@pytest.mark.parametrize("method", ["put", "patch"])
def test_if_match_lets_through_who_has_read_the_last_version(manager, method):
    book = BookFactory(isbn13=ISBN)
    tag = tag_of(manager, book.pk)
    send = getattr(manager, method)
    InventoryFactory(book=book)  # a new stock is a new answer, not a new version
    assert tag_of(manager, book.pk) != tag

    answer = send(f"books/{book.pk}", body("Mine"), headers={"If-Match": tag})
    assert (answer.status_code, answer["ETag"]) == (200, tag_of(manager, book.pk))

    late = send(f"books/{book.pk}", body("Late"), headers={"If-Match": tag})
    assert (late.status_code, late.json()["error"]["code"]) == (412, "STALE_EDIT")
    assert late.json()["error"]["details"] == {"version": 2}
    assert Book.objects.get().title == "Mine"
    assert audited() == ["book.updated"]
    again = send(f"books/{book.pk}", body("Late"), headers={"If-Match": answer["ETag"]})
    assert again.status_code == 200


def test_delete_compares_the_version_too(manager):
    book = BookFactory()
    stale = manager.delete(f"books/{book.pk}", headers={"If-Match": '"v9"'})
    assert (stale.status_code, stale.json()["error"]["code"]) == (412, "STALE_EDIT")
    assert (Book.objects.listed().count(), audited()) == (1, [])
    done = manager.delete(f"books/{book.pk}", headers={"If-Match": '"v1"'})
    assert done.status_code == 204


@pytest.mark.parametrize("said", ["abc", "", '"v1', "W/v1", '"v1" "v1"', "*, *"])
def test_if_match_that_is_no_tag_is_400_and_changes_nothing(manager, said):
    book = BookFactory(title="Emma")
    answer = manager.patch(f"books/{book.pk}", {"title": "X"}, headers={"If-Match": said})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "MALFORMED_REQUEST")
    assert Book.objects.get().title == "Emma"
