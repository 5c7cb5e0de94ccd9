"""A picture put on a book in a real browser, whose scripts touch the form: PROOFS T070."""

import pytest
from django.conf import settings

from accounts.tests.factories import ManagerFactory
from catalog.models import Cover
from catalog.tests.factories import BookFactory
from catalog.tests.pictures import picture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.req("CATL-07"),
]


def test_chosen_picture_leaves_the_isbn_alone(live_server, open_page, client, media):
    book = BookFactory(isbn13="9780141439518")
    client.force_login(ManagerFactory())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page = open_page(viewport=(1440, 900))
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/admin/catalog/cover/add/?book={book.pk}")
    file = {"name": "emma.jpg", "mimeType": "image/jpeg", "buffer": picture()}

    page.set_input_files("[name=file]", file)
    assert page.input_value("[name=isbn]") == book.isbn13
    page.get_by_role("button", name="Put it on the book").click()

    page.wait_for_url(f"**/admin/catalog/book/{book.pk}/change/")
    assert Cover.objects.get().book == book
