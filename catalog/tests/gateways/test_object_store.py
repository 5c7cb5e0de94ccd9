"""Covers in a bucket: the same life as on a disk, against a real server that speaks S3."""

import io
import socket

import pytest

from bookstore.environment import Environment
from bookstore.settings.media import bucket_of
from catalog.covers import files
from catalog.enums import CoverState
from catalog.models import Cover
from catalog.services import covers
from catalog.tests import cover_jobs
from catalog.tests.factories import BookFactory
from catalog.tests.pictures import picture
from core.errors import Unavailable
from tests.servers.s3 import BUCKET, client_of, object_store

pytestmark = [pytest.mark.req("CATL-07"), pytest.mark.django_db]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def endpoint():
    with object_store(free_port()) as running:
        yield running


def keep_in(endpoint, settings):
    env = Environment(
        MEDIA_STORAGE=f"s3://{BUCKET}/shop?endpoint={endpoint}",
        MEDIA_ACCESS_KEY="a-key",
        MEDIA_SECRET_KEY="a-secret",
    )
    settings.STORAGES = settings.STORAGES | {"default": bucket_of(env)}


@pytest.fixture
def bucket(endpoint, settings):
    """What the bucket holds, by name."""
    keep_in(endpoint, settings)
    client = client_of(endpoint)

    def listed():
        found = client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return sorted(each["Key"] for each in found)

    yield listed
    for name in listed():
        client.delete_object(Bucket=BUCKET, Key=name)


def taken():
    return covers.take_picture(file=io.BytesIO(picture()), actor_id=None)


def test_cover_lives_in_the_bucket_and_leaves_it(bucket, client):
    book, cover = BookFactory(), taken()
    covers.put_on_book(book_id=book.pk, cover_id=cover.pk, actor_id=None)
    cover_jobs.do_all()

    names = list(files.all_names(cover.key))
    assert bucket() == sorted(f"shop/{name}" for name in names)
    assert Cover.objects.get().state == CoverState.READY
    answer = client.get(f"/media/{files.name_of(cover.key, '240.webp')}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert b"".join(answer.streaming_content).startswith(b"RIFF")
    covers.remove_from_book(book_id=book.pk, actor_id=None)
    cover_jobs.do_all()
    assert bucket() == []
    assert client.get(f"/media/{files.name_of(cover.key, '240.webp')}").status_code == 404


def test_files_say_what_they_are_to_whoever_asks_the_bucket(bucket, endpoint):
    cover = taken()
    cover_jobs.do_all()
    client = client_of(endpoint)
    said = {
        kind: client.head_object(
            Bucket=BUCKET, Key=f"shop/{files.name_of(cover.key, f'480.{kind}')}"
        )
        for kind in files.KINDS
    }

    assert {kind: each["ContentType"] for kind, each in said.items()} == files.KINDS
    for each in said.values():
        assert each["CacheControl"] == "public, max-age=31536000, immutable"
        assert each["ContentDisposition"] == "inline"


def test_file_that_is_written_again_takes_its_own_place(bucket):
    cover = taken()
    for _ in range(2):
        Cover.objects.update(state=CoverState.PROCESSING)
        covers.make_renditions(cover_id=cover.pk)

    assert len(bucket()) == 7


def test_picture_is_tried_again_while_the_bucket_does_not_answer(settings, client):
    keep_in(f"http://127.0.0.1:{free_port()}", settings)
    with pytest.raises(Unavailable):
        taken()

    # The row stays for the purge: had a file been written, that would take it away.
    cover = Cover.objects.get()
    with pytest.raises(Unavailable):
        covers.make_renditions(cover_id=cover.pk)
    with pytest.raises(Unavailable):
        covers.remove_files(key=cover.key)
    assert client.get(f"/media/{files.name_of(cover.key, '240.webp')}").status_code == 503
