"""Imports at the desk in a real browser, with scripts and without: PROOFS T073."""

import json
import threading

import pytest
from django.db import connection

from catalog.enums import ImportState
from catalog.models import Book, ImportRun
from catalog.services.imports import uploads
from catalog.tests.factories import BookFactory
from tests.staff.looks import LOOKS, look

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.req("CATL-06"),
]
ADD = "/admin/catalog/importrun/add/"
ROWS = [
    {"isbn13": "9780140449136", "title": "Crime and Punishment", "authors": ["Fyodor Dostoevsky"]},
    {"isbn13": "9780439023481", "title": "The Hunger Games", "price": "49.90"},
    {"isbn13": "=1+1", "title": "A row that nobody can use"},
]


def content(**fields):
    return "\n".join(json.dumps(row | fields) for row in ROWS).encode()


def work():
    """Do what a worker would do, on a connection of its own."""

    def run():
        for each in ImportRun.objects.exclude(state=ImportState.DONE):
            uploads.work_on(run_id=each.pk)
        connection.close()

    worker = threading.Thread(target=run)
    worker.start()
    worker.join()


def hand_in(page, said):
    file = {"name": "autumn.jsonl", "mimeType": "text/plain", "buffer": said}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


@pytest.mark.parametrize(("scheme", "viewport"), LOOKS)
def test_pages_of_an_import_have_no_serious_barrier(open_desk, scheme, viewport):
    found, page = [], open_desk(ADD, scheme=scheme, viewport=viewport)

    def see(name):
        found.extend(look(page, name, scheme, viewport))

    see("import-upload")
    BookFactory(isbn13=ROWS[1]["isbn13"], title="Hunger Games")
    hand_in(page, content())
    page.get_by_role("heading", name="Waiting to be checked").wait_for()
    see("import-waiting")
    work()
    page.get_by_role("heading", name="Checked, not applied yet").wait_for()
    see("import-checked")
    page.get_by_role("link", name="All rejected rows, with reasons").click()
    see("import-rejections")
    assert found == []


def test_an_import_is_followed_to_its_end_without_loading_the_page(open_desk):
    page = open_desk(ADD)
    hand_in(page, content())
    page.get_by_role("heading", name="Waiting to be checked").wait_for()
    work()
    page.get_by_role("heading", name="Checked, not applied yet").wait_for()
    page.get_by_role("link", name="Apply").first.click()
    page.locator("#dialog").get_by_role("button", name="Apply").click()
    page.get_by_role("heading", name="Being applied").wait_for()
    work()
    page.get_by_role("heading", name="Done").wait_for()
    assert sorted(Book.objects.values_list("title", flat=True)) == [
        "Crime and Punishment",
        "The Hunger Games",
    ]


def test_an_import_without_scripts(open_desk):
    page = open_desk(ADD, javascript=False)
    # A dialog without scripts is a page without an icon of its own.
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    hand_in(page, content())
    page.get_by_role("heading", name="Waiting to be checked").wait_for()
    work()
    # The page loads itself anew.
    page.get_by_role("heading", name="Checked, not applied yet").wait_for()
    page.get_by_role("link", name="Apply").first.click()
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("heading", name="Being applied").wait_for()
    work()
    page.get_by_role("heading", name="Done").wait_for()
    assert Book.objects.count() == 2
