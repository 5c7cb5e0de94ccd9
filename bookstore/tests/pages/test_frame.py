"""What holds on every page: one heading, landmarks, the strict policy, nothing asked twice."""

import re

import pytest

from accounts.tests.factories import UserFactory
from catalog.models import Contributor
from catalog.tests.factories import BookFactory, BranchFactory, GenreFactory, InventoryFactory
from engagement.tests.factories import StaffPickFactory

pytestmark = pytest.mark.django_db
PATHS = [
    "/",
    "/books/",
    "/books/?sort=nothing",
    "/genres/",
    "/genres/fiction/",
    "/search/",
    "/search/?q=nothing",
    "/picks/",
    "/preferences/",
    "/delivery/",
    "/accessibility/",
    "/nowhere/",
]
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'none'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'"
)


@pytest.fixture
def shop():
    """A shop with one book that is everywhere."""
    fiction = GenreFactory(name="Fiction")
    book = BookFactory(title="Emma", authors=["Jane Austen"], genres=[fiction])
    InventoryFactory(book=book, branch=BranchFactory(is_warehouse=True))
    StaffPickFactory(book=book)
    return [*PATHS, book.get_absolute_url(), Contributor.objects.get().get_absolute_url()]


@pytest.mark.req("DISC-05")
def test_every_page_has_its_frame_and_the_strict_policy(client, shop):
    for path in shop:
        response = client.get(path)
        text = response.text
        assert response["Content-Security-Policy"] == STRICT, path
        assert response["Cache-Control"] == "private, no-cache", path
        assert len(re.findall(r"<h1[ >]", text)) == 1, path
        assert re.search(r"<title>[^<]+ – Folio &amp; Leaf</title>", text), path
        assert text.startswith('<!doctype html>\n<html lang="en">'), path
        assert re.search(r"<body>\s*<a class=\"skip\" href=\"#main\">", text), path
        for landmark in ('<header class="masthead">', '<main id="main"', '<footer class="foot">'):
            assert text.count(landmark) == 1, path
        assert not re.search(r"<style|\sstyle=|\son\w+=|{%|{{", text), path
        assert len(re.search(r'name="description" content="([^"]*)"', text).group(1)) <= 155, path


@pytest.mark.req("DISC-05")
def test_every_link_on_the_pages_leads_somewhere(client, shop):
    found = set()
    for path in shop:
        found |= set(re.findall(r'(?:href|src|action)="(/[^"#]*)"', client.get(path).text))
    broken = {
        path: status
        for path in found
        if not path.startswith("/static/")
        and (status := client.get(path.replace("&amp;", "&")).status_code) not in (200, 302, 405)
    }
    assert broken == {}


@pytest.mark.req("CART-01")
def test_anonymous_page_asks_for_no_cart(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/accessibility/")
    assert "Cart</a>" in response.text


@pytest.mark.req("CART-01")
def test_page_of_a_customer_asks_once_for_the_cart(client, django_assert_num_queries):
    client.force_login(UserFactory())
    with django_assert_num_queries(3):  # session, user, copies
        response = client.get("/accessibility/")
    assert "Account</a>" in response.text


@pytest.mark.req("BASE-06")
def test_crash_page_needs_nothing_and_names_the_request(django_assert_num_queries, rf):
    from core.http.pages import server_error
    from core.request_context import begin_request

    begin_request("a-known-request-id")
    with django_assert_num_queries(0):
        response = server_error(rf.get("/"))
    assert response.status_code == 500
    assert "a-known-request-id" in response.text


@pytest.mark.req("DISC-06")
def test_robots_are_kept_from_personal_pages(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "Disallow: /checkout/\n" in response.text
    assert "Disallow: /books/" not in response.text
