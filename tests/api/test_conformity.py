"""The running shop does what its schema says, whatever it is sent, by strangers and by readers."""

import json
import urllib.request

import pytest
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

pytestmark = pytest.mark.req("BASE-07")

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
described = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True))
few_but_the_same = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def post(url: str, body: dict) -> dict:
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)["data"]


@pytest.fixture(scope="module")
def reader(live_shop) -> dict[str, str]:
    """The credentials of a reader of their own, whom no other test knows."""
    who = {"email": "conformity@example.com", "password": "to-the-letter-7"}
    post(f"{live_shop.url}/api/v1/auth/register", who)
    pair = post(f"{live_shop.url}/api/v1/auth/login", who)
    return {"Authorization": f"Bearer {pair['access']}"}


def check(case, live_shop, headers=None):
    # Where a redirect leads, another site's description would hold.
    response = case.call(base_url=live_shop.url, headers=headers, allow_redirects=False)
    # An address longer than 8 kB never reaches the shop: gunicorn itself says so.
    if response.status_code != 414:
        case.validate_response(response, checks=CHECKS)


@described.parametrize()
@few_but_the_same
def test_strangers_are_answered_as_described(case, live_shop):
    check(case, live_shop)


@described.exclude(path_regex="/auth/logout|/users/me").parametrize()
@few_but_the_same
def test_readers_are_answered_as_described(case, live_shop, reader):
    check(case, live_shop, reader)
