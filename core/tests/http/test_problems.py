"""Every outcome of the API has one shape, whoever makes it."""

import json

import pytest

from tests.fixtures.api import ApiClient

pytestmark = [pytest.mark.urls("core.tests.urls"), pytest.mark.req("BASE-06")]


def problem(response, status: int, code: str) -> dict:
    """Check the envelope of an error and return what is inside."""
    assert response.status_code == status, response.content[:500]
    assert response["Content-Type"].startswith("application/json")
    body = response.json()
    assert list(body) == ["error"]
    error = body["error"]
    assert list(error) == ["code", "message", "details", "request_id"]
    assert error["code"] == code
    assert error["message"]
    assert isinstance(error["details"], dict)
    assert error["request_id"] == response["X-Request-Id"]
    return error


def test_success_is_wrapped_in_data(api):
    response = api.post("echo", {"name": "Ursula"})

    assert response.status_code == 201
    assert response.json() == {"data": {"name": "Ursula"}}


@pytest.mark.parametrize("path", ["", "nowhere", "nowhere/", "books/1/2/3", "é", "%FF", "a%2Fb"])
def test_unknown_path_is_404(api, path):
    problem(api.get(path), 404, "NOT_FOUND")


def test_wrong_method_is_405_and_names_the_right_ones(api):
    response = api.put("echo", {"name": "x"})

    problem(response, 405, "METHOD_NOT_ALLOWED")
    assert response["Allow"] == "GET, POST, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "", "x"]
)
def test_body_that_is_not_json_is_415(api, content_type):
    response = api.client.post("/api/v1/echo", data=b"name=x", content_type=content_type)

    problem(response, 415, "UNSUPPORTED_MEDIA_TYPE")


def test_many_form_fields_are_415(api):
    body = "&".join(f"field{number}=1" for number in range(10_000))
    response = api.client.post(
        "/api/v1/echo", data=body, content_type="application/x-www-form-urlencoded"
    )

    problem(response, 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "gzip, identity"])
def test_packed_body_is_415(api, encoding):
    response = api.post("echo", {"name": "x"}, headers={"Content-Encoding": encoding})

    problem(response, 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense", "a/b," * 5_000])
def test_accept_is_not_asked(api, accept):
    response = api.get("echo", headers={"Accept": accept})

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"


def test_body_over_the_limit_is_413(api, settings):
    body = json.dumps({"name": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    response = api.client.post("/api/v1/echo", data=body, content_type="application/json")

    problem(response, 413, "REQUEST_TOO_LARGE")


def test_unknown_field_is_named(api):
    error = problem(api.post("echo", {"name": "x", "nom": "y"}), 400, "VALIDATION_ERROR")

    assert error["details"] == {"nom": ["Unknown field."]}


def test_invalid_field_is_named(api):
    error = problem(api.post("echo", {"name": "x" * 21}), 400, "VALIDATION_ERROR")

    assert error["details"] == {"name": ["Ensure this field has no more than 20 characters."]}


@pytest.mark.parametrize("body", [[], [1], "text", 5, True])
def test_json_that_is_no_object_is_400(api, body):
    error = problem(api.post("echo", json.dumps(body)), 400, "VALIDATION_ERROR")

    assert list(error["details"]) == ["non_field_errors"]


@pytest.mark.parametrize("body", [b"", b"null"])
def test_empty_body_is_400(api, body):
    response = api.client.post("/api/v1/echo", data=body, content_type="application/json")

    problem(response, 400, "VALIDATION_ERROR")


def test_crash_is_500_and_tells_nothing(api):
    error = problem(api.get("crash"), 500, "INTERNAL_ERROR")

    assert error["details"] == {}
    assert "secret" not in json.dumps(error)


def test_database_away_is_503(api):
    response = api.get("away")

    problem(response, 503, "SERVICE_UNAVAILABLE")
    assert response["Retry-After"] == "5"


def test_lock_not_had_is_503_busy(api):
    response = api.get("crowded")

    problem(response, 503, "BUSY")
    assert response["Retry-After"] == "2"


@pytest.mark.parametrize("what", ["orphaned", "vanished"])
def test_writing_to_what_was_deleted_meanwhile_is_409(what, api):
    problem(api.get(what), 409, "CONFLICT")


def test_other_broken_constraint_stays_a_defect(api):
    problem(api.get("doubled"), 500, "INTERNAL_ERROR")


def test_what_was_withdrawn_is_404(api):
    problem(api.get("gone"), 404, "NOT_FOUND")


def test_limit_of_ours_is_429_with_headers(api, rate_limits):
    answers = [api.post("limited", {}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit-Limit"] for answer in answers] == ["2", "2", "2"]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert all(1 <= int(answer["RateLimit-Reset"]) <= 60 for answer in answers)
    assert "Retry-After" not in answers[1]
    assert "RateLimit-Limit" not in api.get("echo")
    error = problem(answers[2], 429, "RATE_LIMITED")
    wait = answers[2]["Retry-After"]
    assert 1 <= int(wait) <= 60
    assert error["details"] == {"retry_after": int(wait)}
    assert answers[2]["RateLimit-Limit"] == "2"
    assert answers[2]["RateLimit-Remaining"] == "0"
    assert answers[2]["RateLimit-Reset"] == wait


def test_throttle_of_the_framework_is_429(api):
    response = api.get("throttled")

    problem(response, 429, "RATE_LIMITED")
    assert 86_390 <= int(response["Retry-After"]) <= 86_401


@pytest.mark.django_db
@pytest.mark.parametrize("header", [None, "Bearer", "Bearer a b", "Bearer nonsense", "Bearer é"])
def test_nobody_signed_in_is_401(header):
    api = ApiClient()
    if header:
        api.headers["Authorization"] = header
    response = api.post("private", {})

    assert response.status_code == 401
    assert response.json()["error"]["code"] in {"NOT_AUTHENTICATED", "TOKEN_INVALID"}
    assert response["WWW-Authenticate"] == "Bearer"


def test_other_authentication_is_401_not_authenticated(api):
    response = api.post("private", {}, headers={"Authorization": "Basic cmVhZGVyOnBhc3M="})

    problem(response, 401, "NOT_AUTHENTICATED")


@pytest.mark.django_db
def test_session_without_csrf_token_is_403(django_user_model):
    user = django_user_model.objects.create(email="reader@example.com")
    api = ApiClient()
    api.client.handler.enforce_csrf_checks = True
    api.client.force_login(user)

    problem(api.post("private", {}), 403, "PERMISSION_DENIED")


@pytest.mark.django_db
def test_session_with_csrf_token_is_heard(django_user_model, settings):
    user = django_user_model.objects.create(email="reader@example.com")
    api = ApiClient()
    api.client.handler.enforce_csrf_checks = True
    api.client.force_login(user)
    token = "a" * 32
    api.client.cookies[settings.CSRF_COOKIE_NAME] = token

    response = api.post("private", {}, headers={"X-CSRFToken": token})

    assert response.json() == {"data": {"id": str(user.pk)}}


def test_wrong_host_is_400(api, settings):
    settings.ALLOWED_HOSTS = ["shop.example"]

    problem(api.get("echo", headers={"Host": "evil.example"}), 400, "MALFORMED_REQUEST")


@pytest.mark.parametrize("path", ["echo?name=%00", "echo?%00=1", "echo?a=b&c=x%00y", "a%00b"])
def test_nul_in_the_address_is_400(api, path):
    problem(api.get(path), 400, "MALFORMED_REQUEST")


@pytest.mark.parametrize("query", ["%ED%A0%80", "%FF%FE", "%C0%80", "\u202e", "'\"<>{{}}${}"])
def test_odd_text_in_a_query_is_read(api, query):
    assert api.client.get(f"/api/v1/echo?q={query}").status_code == 200


def test_thousand_query_parameters_are_400(api):
    query = "&".join(f"a{number}=1" for number in range(1_001))

    problem(api.client.get(f"/api/v1/echo?{query}"), 400, "MALFORMED_REQUEST")


def test_endless_query_is_400(api):
    problem(api.client.get(f"/api/v1/echo?q={'a' * 8_001}"), 400, "MALFORMED_REQUEST")


@pytest.mark.parametrize("slash", ["", "/", "//"])
def test_trailing_slash_does_not_matter(api, slash):
    assert api.client.get(f"/api/v1/echo{slash}").status_code == 200


def test_options_and_head_answer(api):
    assert api.client.options("/api/v1/echo").status_code == 200
    head = api.client.head("/api/v1/echo")
    assert (head.status_code, head.content) == (200, b"")


def test_trace_is_405(api):
    problem(api.client.trace("/api/v1/echo"), 405, "METHOD_NOT_ALLOWED")
