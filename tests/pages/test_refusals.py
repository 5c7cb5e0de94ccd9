"""The browser's side of refusals: the API's status, in words."""

import pytest

pytestmark = [pytest.mark.urls("tests.pages.urls"), pytest.mark.req("BASE-06")]


@pytest.fixture
def client(client):
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere/", 404),
        ("/page/crash/", 500),
        ("/page/away/", 503),
        ("/page/crowded/", 503),
        ("/page/limited/", 429),
        ("/page/gone/", 410),
        ("/page/?a=%00", 400),
        ("/page/?a=" + "b" * 9_000, 400),
    ],
)
@pytest.mark.django_db
def test_refusal_is_a_page(client, path, status):
    response = client.get(path)

    assert response.status_code == status
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response["X-Request-Id"]
    assert b"secret" not in response.content


@pytest.mark.parametrize(("path", "seconds"), [("away", 5), ("crowded", 2), ("limited", 7)])
@pytest.mark.django_db
def test_page_says_when_to_try_again(client, path, seconds):
    assert client.get(f"/page/{path}/")["Retry-After"] == str(seconds)


@pytest.mark.django_db
def test_form_over_the_limit_is_413(client, settings):
    body = "name=" + "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    response = client.post("/page/", body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 413


@pytest.mark.django_db
def test_form_with_too_many_fields_is_400(client):
    body = "&".join(f"field{number}=1" for number in range(10_000))
    response = client.post("/page/", body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 400


@pytest.mark.django_db
def test_form_without_csrf_token_is_403_in_words(client):
    client.handler.enforce_csrf_checks = True
    response = client.post("/page/", {"name": "x"})

    assert response.status_code == 403
    assert response["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.django_db
def test_wrong_host_is_a_400_page(client, settings):
    settings.ALLOWED_HOSTS = ["shop.example"]

    assert client.get("/page/", headers={"Host": "evil.example"}).status_code == 400
