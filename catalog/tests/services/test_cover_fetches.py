"""Covers from addresses: fetched by a job, refused in words, never in a request (T075)."""

import io
import socket

import pytest

from catalog.enums import CoverState
from catalog.errors import BadImage, BookNotFound
from catalog.models import Book, Cover
from catalog.services import cover_fetches, covers
from catalog.services.cover_fetches import Choice
from catalog.tests import cover_jobs
from catalog.tests.factories import BookFactory
from catalog.tests.pictures import HTML, picture
from core.errors import Invalid
from core.models import AuditEntry
from tests.fixtures.media import stored_files
from tests.servers.pictures import PictureServer, certificate_in

pytestmark = [pytest.mark.req("CATL-07"), pytest.mark.django_db]
LOOPBACK = "127.0.0.1"


@pytest.fixture
def server(tmp_path, settings):
    """A real server that this test's settings let the shop ask."""
    certificate = certificate_in(tmp_path)
    running = PictureServer(certificate, picture())
    settings.COVER_SOURCES_INSIDE = frozenset({(LOOPBACK, running.port)})
    settings.COVER_SOURCES_CA = str(certificate)
    yield running
    running.stop()


def chosen(book, **choice):
    return cover_fetches.set_cover(book_id=book.pk, choice=Choice(**choice), actor_id=None)


def test_address_is_asked_by_a_job_and_not_before(server, media):
    book = BookFactory()
    cover = chosen(book, cover_url=server.url("/cover.jpg", host=LOOPBACK))

    assert (cover.state, cover.book_id, server.hits) == (CoverState.FETCHING, book.pk, [])
    assert cover_jobs.queued() == ["catalog.fetch_cover"]
    cover_jobs.do_all()
    cover.refresh_from_db()
    assert (cover.state, cover.width, len(server.hits)) == (CoverState.READY, 600, 1)
    assert len(stored_files(media)) == 7
    assert AuditEntry.objects.get(action="cover.set").new_value == {"cover": str(cover.pk)}


@pytest.mark.parametrize(
    ("path", "code"), [("/missing", "COVER_NOT_FETCHED"), ("/cover.jpg", "BAD_IMAGE")]
)
def test_what_gives_no_picture_is_refused_for_good(path, code, server, media):
    server.picture = HTML
    book = BookFactory()
    chosen(book, cover_url=server.url(path, host=LOOPBACK))
    cover_jobs.do_all()

    cover = Cover.objects.get()
    assert (cover.state, cover.refusal, cover.book_id) == (CoverState.REFUSED, code, book.pk)
    assert stored_files(media) == []


def test_address_inside_is_refused_without_a_visit(media, monkeypatch):
    visits = []
    monkeypatch.setattr(socket, "create_connection", lambda *args, **kwargs: visits.append(args))
    chosen(BookFactory(), cover_url="https://169.254.169.254/latest/meta-data/")
    cover_jobs.do_all()

    assert (Cover.objects.get().refusal, visits) == ("SSRF_BLOCKED", [])


def test_picture_fetched_after_it_was_removed_leaves_nothing(server, media, monkeypatch):
    book = BookFactory()
    cover = chosen(book, cover_url=server.url("/cover.jpg", host=LOOPBACK))
    fetch = cover_fetches.downloads.fetch

    def removed_meanwhile(url):
        covers.remove_from_book(book_id=book.pk, actor_id=None)
        return fetch(url)

    monkeypatch.setattr(cover_fetches.downloads, "fetch", removed_meanwhile)
    cover_fetches.fetch(cover_id=cover.pk)
    cover_jobs.do_all()

    assert (Cover.objects.count(), stored_files(media)) == (0, [])


def test_file_is_put_on_the_book(media):
    book = BookFactory()
    cover = chosen(book, file=io.BytesIO(picture()))

    assert (cover.state, cover.book_id) == (CoverState.PROCESSING, book.pk)


def test_bad_file_leaves_the_book_its_cover(media):
    book = BookFactory()
    cover = chosen(book, file=io.BytesIO(picture()))
    version = Book.objects.get(pk=book.pk).version

    with pytest.raises(BadImage):
        chosen(book, file=io.BytesIO(HTML))
    assert Cover.objects.get().pk == cover.pk
    assert Book.objects.get(pk=book.pk).version == version


def test_no_file_is_read_for_a_book_that_is_not_there(media):
    file = io.BytesIO(picture())
    with pytest.raises(BookNotFound):
        cover_fetches.set_cover(book_id=1, choice=Choice(file=file), actor_id=None)

    assert (file.tell(), Cover.objects.count(), stored_files(media)) == (0, 0, [])


def test_no_choice_is_refused():
    with pytest.raises(Invalid):
        chosen(BookFactory())
