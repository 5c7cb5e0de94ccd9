"""Views that take files get larger forms, and only forms; everywhere else the limit stays."""

import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse  # noqa: TID251  # these are views
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.response import Response
from rest_framework.views import APIView

from bookstore.urls import urlpatterns as bookstore_urls
from core.errors import Conflict
from core.http import uploads
from core.http.parsers import GuardedFormParser

pytestmark = [pytest.mark.req("BASE-06"), pytest.mark.urls(__name__)]
MOST = 3_000_000
LARGE = 40_000_000


class NoSuchShelf(Conflict):
    """A refusal of the view's own."""


@uploads.takes_files(MOST)
class FilesView(APIView):
    authentication_classes = []
    permission_classes = []
    parser_classes = [GuardedFormParser]

    def put(self, request):
        return Response({name: file.size for name, file in request.FILES.items()})


@csrf_exempt
@uploads.takes_files(MOST, NoSuchShelf)
def page(request):
    return HttpResponse(request.FILES["file"].size)


@csrf_exempt
@uploads.takes_files(LARGE)
def large(request):
    return HttpResponse(request.FILES["file"].size)


@csrf_exempt
def other(request):
    return HttpResponse("read")


urlpatterns = [
    *bookstore_urls,
    path("api/v1/files", FilesView.as_view()),
    path("page/", page),
    path("large/", large),
    path("other/", other),
]


def form_of(size):
    return {"file": SimpleUploadedFile("x", b"x" * size)}


@pytest.mark.parametrize("path", ["files", "files/"])
def test_form_larger_than_other_bodies_reaches_a_view_that_takes_files(api, path):
    answer = api.put(path, form=form_of(2_000_000))

    assert (answer.status_code, answer.json()) == (200, {"data": {"file": 2_000_000}})


def test_form_over_the_view_s_limit_is_413(api):
    answer = api.put("files", form=form_of(MOST + 10_000))

    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "REQUEST_TOO_LARGE")


def test_form_over_the_limit_is_refused_in_the_view_s_own_words(client):
    assert client.post("/page/", form_of(2_000_000)).content == b"2000000"
    assert client.post("/page/", form_of(MOST + 10_000)).status_code == 409


@pytest.mark.parametrize("path", ["/other/", "/nowhere/"])
def test_form_over_the_usual_limit_is_413_elsewhere(client, path):
    assert client.post(path, form_of(2_000_000)).status_code == 413


def test_other_bodies_keep_the_usual_limit_where_files_are_taken(client):
    body = b"x" * 2_000_000
    answer = client.generic("PUT", "/api/v1/files", body, content_type="application/json")

    assert answer.status_code == 413


def test_form_in_chunks_is_read_and_never_whole_in_memory(client, tmp_path):
    size = 30_000_000
    form = tmp_path / "form"
    with form.open("wb") as file:
        file.write(b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n')
        file.truncate(file.tell() + size)
        file.seek(0, 2)
        file.write(b"\r\n--x--\r\n")

    tracemalloc.start()
    with form.open("rb") as source:
        answer = client.generic(
            "POST",
            "/large/",
            **{
                "CONTENT_TYPE": "multipart/form-data; boundary=x",
                "HTTP_TRANSFER_ENCODING": "chunked",
                "wsgi.input": source,
                "wsgi.input_terminated": True,
            },
        )
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert answer.content == str(size).encode()
    assert peak < size / 2


def test_what_is_no_form_is_415_and_a_broken_form_400(client):
    kinds = {"application/json": 415, "multipart/form-data": 400}
    given = {
        kind: client.generic("PUT", "/api/v1/files", b"{}", content_type=kind).status_code
        for kind in kinds
    }

    assert given == kinds
