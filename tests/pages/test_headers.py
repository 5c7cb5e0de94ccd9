"""Every page carries the headers that keep browsers safe, and none loosens them."""

import pytest
from django.urls import URLPattern, get_resolver

pytestmark = [pytest.mark.req("BASE-06"), pytest.mark.django_db]


def named_routes():
    """Yield every pattern outside the admin with its path."""

    def walk(patterns, prefix):
        for each in patterns:
            path = prefix + str(each.pattern)
            if path.startswith("/admin/"):
                continue
            if isinstance(each, URLPattern):
                yield path, each
            else:
                yield from walk(each.url_patterns, path)

    return list(walk(get_resolver().url_patterns, "/"))


def test_every_route_of_a_page_has_a_name():
    nameless = [path for path, pattern in named_routes() if not pattern.name]

    assert [path for path in nameless if not path.startswith("/api/")] == []


def test_paths_of_pages_end_with_a_slash_or_a_file_s_kind():
    found = [
        path
        for path, _pattern in named_routes()
        if not path.startswith("/api/") and not path.endswith("/") and "." not in path
    ]

    assert found == []


def plain_paths() -> list[str]:
    return sorted(path for path, _pattern in named_routes() if "<" not in path and "(" not in path)


# Without a worker the shop is not well; without a client id nobody is sent to a provider.
MAY_BE_503 = {
    "/api/v1/health",
    *("/account/google/", "/account/github/", "/api/v1/auth/google", "/api/v1/auth/github"),
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'none'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'"
)


@pytest.fixture
def client(client):
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("path", [*plain_paths(), "/nowhere/", "/api/v1/nowhere", "/?q=%00"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_headers_are_strict_everywhere(client, path, method):
    response = getattr(client, method)(path)

    assert response.status_code < 500 or path in MAY_BE_503, response.content[:2_000]
    assert response["Content-Security-Policy"] == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Request-Id"]
    assert "Server" not in response
    assert "Access-Control-Allow-Origin" not in response


def test_staff_desk_has_its_own_policy(client):
    policy = client.get("/admin/login/")["Content-Security-Policy"]

    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "'unsafe-inline'" not in policy.split("script-src", 1)[1].split(";", 1)[0]
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    "path", ["/.env", "/.git/config", "/manage.py", "/staticfiles/../.env", "/media/../.env"]
)
def test_files_of_the_shop_are_not_served(client, path):
    assert client.get(path).status_code == 404
