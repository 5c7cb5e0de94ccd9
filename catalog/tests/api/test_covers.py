"""Covers through the API: PROOFS T070 at the door, and who may put what on a book."""

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.tests.factories import PASSWORD, EmployeeFactory
from catalog.enums import CoverState
from catalog.models import Book, Cover
from catalog.tests import cover_jobs
from catalog.tests.factories import BookFactory
from catalog.tests.pictures import HOSTILE, HTML, picture
from core.ids import uuid7
from tests.fixtures.media import stored_files

pytestmark = [pytest.mark.req("CATL-07"), pytest.mark.django_db]


def form(data=None, name="cover.jpg", kind="image/jpeg"):
    return {"file": SimpleUploadedFile(name, picture() if data is None else data, kind)}


def upload(client, **kwargs):
    answer = client.post("covers", form=form(**kwargs))
    assert answer.status_code == 201, answer.content
    return answer.json()["data"]


def code_of(answer):
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_and_nothing_kept(name, manager, media):
    data = HOSTILE[name][0]()
    started = time.monotonic()
    answer = manager.post("covers", form=form(data, name))

    assert code_of(answer) == (400, "BAD_IMAGE")
    assert time.monotonic() - started < 3
    assert answer.json()["error"]["message"].startswith("This picture cannot be used: ")
    assert (Cover.objects.count(), stored_files(media), cover_jobs.queued()) == (0, [], [])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_is_kept_whatever_it_says_it_is(kind, manager, media):
    sent = upload(manager, data=picture(kind), name="../../evil.php", kind="text/html")

    cover = Cover.objects.get()
    assert sent == {
        "id": str(cover.pk),
        "state": "PROCESSING",
        "refusal": "",
        "book_id": None,
        "cover_url": None,
    }
    assert stored_files(media) == [f"covers/{cover.key}/master.jpg"]


def test_picture_is_asked_for_until_it_is_ready(manager, media):
    sent = upload(manager)
    cover_jobs.do_all()
    told = manager.get(f"covers/{sent['id']}").json()["data"]

    key = Cover.objects.get().key
    assert (told["state"], told["cover_url"]) == ("READY", f"/media/covers/{key}/480.jpg")
    assert manager.get(f"covers/{uuid7()}").status_code == 404


def test_file_on_a_book_is_what_the_book_shows_once_it_is_ready(manager, media):
    book = BookFactory()
    answer = manager.put(f"books/{book.pk}/cover", form=form())

    assert (answer.status_code, answer.json()["data"]["book_id"]) == (200, book.pk)
    before = manager.get(f"books/{book.pk}").json()["data"]["cover_url"]
    assert before.startswith(f"/covers/{book.pk}.svg")
    cover_jobs.do_all()
    shown = manager.get(f"books/{book.pk}").json()["data"]["cover_url"]
    assert shown == f"/media/covers/{book.cover.key}/480.jpg"


def test_picture_sent_before_is_put_on_a_book(manager, media):
    book, sent = BookFactory(), upload(manager)
    answer = manager.put(f"books/{book.pk}/cover", {"cover": sent["id"]})

    assert (answer.status_code, Cover.objects.get().book_id) == (200, book.pk)


def test_address_is_fetched_later(manager, media):
    book = BookFactory()
    answer = manager.put(f"books/{book.pk}/cover", {"cover_url": "https://127.0.0.1/x.jpg"})

    assert (answer.status_code, answer.json()["data"]["state"]) == (200, "FETCHING")
    cover_jobs.do_all()
    told = manager.get(f"covers/{answer.json()['data']['id']}").json()["data"]
    assert (told["state"], told["refusal"]) == (CoverState.REFUSED, "SSRF_BLOCKED")


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"cover": "7"},
        {"cover": str(uuid7())},
        {"cover": None},
        {"cover_url": "http://example.com/x.jpg"},
        {"cover_url": "https://"},
        {"cover_url": "https://example.com/" + "x" * 500},
        {"cover": str(uuid7()), "cover_url": "https://example.com/x.jpg"},
        {"file": "x"},
        {"state": "READY"},
    ],
)
def test_senseless_choice_is_refused(body, manager):
    book = BookFactory()

    answer = manager.put(f"books/{book.pk}/cover", body)
    assert code_of(answer) == (400, "VALIDATION_ERROR")
    assert (Cover.objects.count(), Book.objects.get().version) == (0, book.version)


def test_form_with_more_than_a_file_is_refused(manager, media):
    answer = manager.post("covers", form=form() | {"state": "READY"})

    assert code_of(answer) == (400, "VALIDATION_ERROR")
    assert list(answer.json()["error"]["details"]) == ["state"]
    assert stored_files(media) == []


def test_bodies_that_are_no_forms_are_not_taken(manager):
    assert manager.post("covers", {"file": "x"}).status_code == 415
    raw = manager.client.post(
        "/api/v1/covers", b"--x", "multipart/form-data", headers=manager.headers
    )
    assert code_of(raw) == (400, "MALFORMED_REQUEST")
    assert manager.post("covers", form={"other": "x"}).status_code == 400


def test_cover_is_removed(manager, media):
    book = BookFactory()
    manager.put(f"books/{book.pk}/cover", form=form())

    assert manager.delete(f"books/{book.pk}/cover").status_code == 204
    assert Cover.objects.count() == 0
    assert code_of(manager.delete(f"books/{book.pk}/cover")) == (404, "COVER_NOT_FOUND")


def test_edit_of_what_has_changed_since_is_refused(manager, media):
    book, sent = BookFactory(), upload(manager)
    stale = {"If-Match": f'"v{book.version + 1}"'}
    path = f"books/{book.pk}/cover"

    assert code_of(manager.put(path, {"cover": sent["id"]}, headers=stale)) == (412, "STALE_EDIT")
    assert code_of(manager.put(path, form=form(), headers=stale)) == (412, "STALE_EDIT")
    assert len(stored_files(media)) == 1
    good = {"If-Match": f'"v{book.version}"'}
    assert manager.put(path, {"cover": sent["id"]}, headers=good).status_code == 200
    assert code_of(manager.delete(path, headers=stale | good)) == (412, "STALE_EDIT")


def test_no_picture_for_a_book_that_is_not_there(manager, media):
    assert code_of(manager.put("books/1/cover", form=form())) == (404, "BOOK_NOT_FOUND")
    assert stored_files(media) == []


def test_employees_send_no_pictures(api, media):
    api.sign_in(EmployeeFactory().email, PASSWORD)

    assert api.post("covers", form=form()).status_code == 403
    assert api.put(f"books/{BookFactory().pk}/cover", form=form()).status_code == 403
    assert (Cover.objects.count(), stored_files(media)) == (0, [])


def test_strangers_files_are_not_read(api, media):
    assert api.post("covers", form=form(HTML)).status_code == 401
    assert stored_files(media) == []
