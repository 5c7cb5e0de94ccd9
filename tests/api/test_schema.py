"""The schema describes every endpoint, every refusal and both ways to sign in."""

import warnings

import pytest
from django.core.management import call_command
from django.urls import URLPattern, get_resolver

from core.errors import DomainError

pytestmark = pytest.mark.req("BASE-07")


@pytest.fixture
def schema(api):
    response = api.get("schema")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    return response.json()


def operations(schema) -> dict[str, dict]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }


def test_schema_is_made_without_a_warning_and_is_valid(capsys, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call_command(
            "spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml")
        )

    assert "Warning" not in capsys.readouterr().err


def test_schema_is_of_openapi_3_1(schema):
    assert schema["openapi"] == "3.1.0"


def api_routes() -> set[str]:
    """Return every address below /api/v1, as the schema writes them."""
    found = set()

    def walk(patterns, prefix):
        for each in patterns:
            path = prefix + str(each.pattern)
            if isinstance(each, URLPattern):
                found.add(path)
            else:
                walk(each.url_patterns, path)

    walk(get_resolver().url_patterns, "/")
    return {path for path in found if path.startswith("/api/v1/")}


def test_schema_names_every_endpoint(schema):
    described = {"/api/v1/schema", "/api/v1/docs"}  # they describe themselves
    routes = {
        "".join("{}" if part.startswith("<") else part for part in _split(path))
        for path in api_routes() - described
    }
    named = {
        "".join("{}" if part.startswith("{") else part for part in _split(path))
        for path in schema["paths"]
    }

    assert named == routes


def _split(path: str) -> list[str]:
    return (
        path.replace("<", "\0<")
        .replace("{", "\0{")
        .replace(">", ">\0")
        .replace("}", "}\0")
        .split("\0")
    )


def test_every_operation_has_a_name_of_its_own(schema):
    names = [operation["operationId"] for operation in operations(schema).values()]

    assert len(names) == len(set(names))


def test_every_operation_says_what_it_does(schema):
    silent = [
        name
        for name, operation in operations(schema).items()
        if not operation.get("description") and not operation.get("summary")
    ]

    assert silent == []


def test_a_closed_list_says_what_every_operation_does(schema):
    told = [operation.get("summary", "") for operation in operations(schema).values()]

    assert [summary for summary in told if not summary or summary.endswith(".")] == []
    assert operations(schema)["GET /api/v1/auth/sessions"]["summary"].startswith("Return where")


def test_every_operation_names_its_refusals(schema):
    error = {"$ref": "#/components/schemas/Error"}
    for name, operation in operations(schema).items():
        responses = operation["responses"]
        assert {"400", "404", "429", "500", "503"} <= set(responses), name
        for status, response in responses.items():
            if status >= "400":
                assert response["content"]["application/json"]["schema"] == error, (name, status)


def test_every_success_has_the_envelope(schema):
    bare = []
    for name, operation in operations(schema).items():
        for status, response in operation["responses"].items():
            media = response.get("content", {}).get("application/json")
            if media and status < "300" and media["schema"].get("required") != ["data"]:
                bare.append(name)

    assert bare == []


def test_every_code_of_every_app_is_named(schema):
    error = schema["components"]["schemas"]["Error"]["properties"]["error"]
    codes = set(error["properties"]["code"]["enum"])

    def kinds(kind):
        yield kind
        for special in kind.__subclasses__():
            yield from kinds(special)

    known = {kind.code for kind in kinds(DomainError)} - {DomainError.code}
    assert known <= codes
    assert {"METHOD_NOT_ALLOWED", "UNSUPPORTED_MEDIA_TYPE", "INTERNAL_ERROR"} <= codes


def test_codes_are_written_alike(schema):
    error = schema["components"]["schemas"]["Error"]["properties"]["error"]
    odd = [c for c in error["properties"]["code"]["enum"] if not c.replace("_", "").isupper()]

    assert odd == []


def test_both_ways_to_sign_in_are_described(schema, settings):
    schemes = schema["components"]["securitySchemes"].values()
    found = {(each["type"], each.get("scheme") or each.get("name")) for each in schemes}

    assert found == {("http", "bearer"), ("apiKey", settings.SESSION_COOKIE_NAME)}
