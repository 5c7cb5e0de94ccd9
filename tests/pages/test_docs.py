"""The API's browsable docs in a real browser, under the strict policy."""

import pytest

pytestmark = [pytest.mark.req("BASE-07"), pytest.mark.browser]


def test_docs_show_every_group_and_try_a_call(live_shop, open_page):
    page = open_page(f"{live_shop.url}/api/v1/docs")
    page.get_by_role("heading", name="Bookstore API").wait_for()
    page.locator("#operations-health-health_live .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()

    answer = page.locator(".live-responses-table .response-col_status").nth(1)
    assert answer.inner_text().strip() == "200"


def test_docs_ask_no_other_server(live_shop, open_page):
    page = open_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_shop.url}/api/v1/docs")
    page.get_by_role("heading", name="Bookstore API").wait_for()

    assert [url for url in asked if not url.startswith((live_shop.url, "data:"))] == []
