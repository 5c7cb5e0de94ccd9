"""Covers on the desk: sent, looked at, taken off; what is wrong is told beside the form (T070)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.enums import CoverState
from catalog.models import Book, Cover
from catalog.services import covers
from catalog.tests import cover_jobs
from catalog.tests.factories import BookFactory
from catalog.tests.pictures import HOSTILE, picture
from core.models import AuditEntry
from core.roles import Role
from tests.fixtures.media import stored_files

pytestmark = [pytest.mark.req("CATL-07"), pytest.mark.django_db]
ADD = "/admin/catalog/cover/add/"


@pytest.fixture
def manager(desk):
    return desk(Role.MANAGER)


def said(book, data=None, **more):
    file = SimpleUploadedFile("cover.jpg", picture() if data is None else data)
    return {"isbn": book.isbn13, "file": file} | more


def page_of(book):
    return reverse("admin:catalog_book_change", args=[book.pk])


def test_picture_is_put_on_the_book_that_the_page_was_asked_for(manager, media):
    book = BookFactory(title="Emma")
    page = manager.get(page_of(book)).text
    assert f'src="/covers/{book.pk}.svg' in page
    assert f'href="{ADD}?book={book.pk}"' in page

    asked = manager.get(ADD, {"book": book.pk})
    assert f'value="{book.isbn13}"' in asked.text
    assert "Emma</strong>" in asked.text
    assert manager.get(ADD, {"book": "9" * 99}).status_code == 200
    assert manager.get(ADD, {"book": "x"}).status_code == 200
    answer = manager.post(ADD, said(book))
    assert (answer.status_code, answer["Location"]) == (303, page_of(book))
    assert "Being prepared" in manager.get(page_of(book)).text
    cover_jobs.do_all()
    assert f'src="/media/covers/{book.cover.key}/480.jpg"' in manager.get(page_of(book)).text
    assert AuditEntry.objects.get(action="cover.set").entity_id == str(book.pk)


@pytest.mark.parametrize("name", ["60000x60000.png", "script.svg", "empty.jpg", "truncated.jpg"])
def test_bad_picture_is_told_beside_the_form(name, manager, media):
    book = BookFactory()
    answer = manager.post(ADD, said(book, HOSTILE[name][0]()))

    assert answer.status_code == 422
    assert "This picture cannot be used" in answer.text
    assert f'value="{book.isbn13}"' in answer.text
    assert "<title>Error:" in " ".join(answer.text.split()).replace("<title> ", "<title>")
    assert (Cover.objects.count(), stored_files(media)) == (0, [])


def test_file_of_fifty_megabytes_is_refused_before_it_is_read(manager, media):
    book = BookFactory()
    answer = manager.post(ADD, said(book, HOSTILE["50-megabytes.jpg"][0]()))

    assert answer.status_code == 400
    assert "it is larger than 10 MB" in answer.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"isbn": "123"},
        {"isbn": "9780141439518"},
        {"file": ""},
        {"cover_url": "https://example.com/x.jpg"},
        {"file": "", "cover_url": "http://example.com/x.jpg"},
    ],
)
def test_senseless_form_is_shown_again(wrong, manager, media):
    answer = manager.post(ADD, said(BookFactory()) | wrong)

    assert answer.status_code == 422
    assert Cover.objects.count() == 0


def test_address_is_fetched_in_the_background_and_its_refusal_told(manager, media):
    book = BookFactory()
    address = {"file": "", "cover_url": "https://10.0.0.1/x.jpg"}
    assert manager.post(ADD, said(book) | address).status_code == 303
    assert "Being fetched" in manager.get(page_of(book)).text
    cover_jobs.do_all()

    cover = Cover.objects.get()
    told = "Refused: Pictures are fetched from public https addresses only."
    for path in (page_of(book), reverse("admin:catalog_cover_change", args=[cover.pk])):
        assert told in manager.get(path).text


def test_picture_is_taken_off(manager, media):
    book = BookFactory()
    manager.post(ADD, said(book))
    cover = Cover.objects.get()
    page = reverse("admin:catalog_cover_delete", args=[cover.pk])
    assert manager.get(page).status_code == 200
    manager.post(page, {"post": "yes"})
    cover_jobs.do_all()

    assert (Cover.objects.count(), stored_files(media)) == (0, [])
    assert AuditEntry.objects.filter(action="cover.removed").count() == 1
    assert Book.objects.get().version == book.version + 2


def test_picture_on_no_book_is_forgotten_without_a_word(media):
    cover = Cover.objects.create(state=CoverState.REFUSED)
    for _ in range(2):
        covers.remove_picture(cover_id=cover.pk, actor_id=None)

    assert (Cover.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_list_finds_covers_by_the_book(manager, media):
    emma, other = BookFactory(title="Emma"), BookFactory(title="Persuasion")
    for book in (emma, other):
        Cover.objects.create(book=book, state=CoverState.READY, width=600, height=900)
    listed = manager.get("/admin/catalog/cover/", {"q": emma.isbn13}).text

    assert "Emma" in listed
    assert "Persuasion" not in listed


def test_employees_look_and_change_nothing(desk, media):
    book = BookFactory()
    client = desk(Role.EMPLOYEE)

    assert client.get("/admin/catalog/cover/").status_code == 200
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, said(book)).status_code == 403
    assert Cover.objects.count() == 0
