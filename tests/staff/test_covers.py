"""A picture put on a book in a real browser, whose scripts touch the form: PROOFS T070."""

import pytest

from catalog.models import Cover
from catalog.tests.factories import BookFactory
from catalog.tests.pictures import picture
from tests.staff.looks import LARGE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.req("CATL-07"),
]


def test_chosen_picture_leaves_the_isbn_alone(open_desk, media):
    book = BookFactory(isbn13="9780141439518")
    page = open_desk(f"/admin/catalog/cover/add/?book={book.pk}", viewport=LARGE)
    file = {"name": "emma.jpg", "mimeType": "image/jpeg", "buffer": picture()}

    page.set_input_files("[name=file]", file)
    assert page.input_value("[name=isbn]") == book.isbn13
    page.get_by_role("button", name="Put it on the book").click()

    page.wait_for_url(f"**/admin/catalog/book/{book.pk}/change/")
    assert Cover.objects.get().book == book
