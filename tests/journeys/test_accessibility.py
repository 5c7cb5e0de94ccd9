"""Everybody can use every page: axe finds nothing, nothing runs off a narrow screen, focus shows.

The browser fixture adds that no page's console complains (CSP, missing files, scripts).
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.fixtures.live_shop import LiveShop

pytestmark = [pytest.mark.browser, pytest.mark.req("DISC-05")]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATHS = [
    "/",
    "/books/?sort=title&page=2",
    "/books/?format=PAPERBACK&in_stock=true",
    "/branches/",
    "/branches/haifa/",
    "/genres/",
    "/genres/classics/",
    "/search/?q=pride",
    "/search/?q=nothing-like-it",
    "/picks/",
    "/preferences/",
    "/delivery/",
    "/accessibility/",
    "/account/login/",
    "/account/register/",
    "/books/?sort=nonsense",
    "/no/such/page/",
]
SHAPES = [("light", (1280, 800)), ("dark", (390, 844))]
FOCUS = """
    () => {
      const here = document.activeElement;
      const style = getComputedStyle(here);
      const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
      return {end: here === document.body, what: here.outerHTML.slice(0, 90), shown};
    }
"""


def a_book_and_its_author(shop: LiveShop) -> list[str]:
    """The addresses of a book that can be bought, one that cannot, and of an author."""
    query = """
        (SELECT '/books/' || slug || '-' || id || '/' FROM catalog_book
          WHERE is_in_stock AND price IS NOT NULL ORDER BY id LIMIT 1)
        UNION ALL
        (SELECT '/books/' || slug || '-' || id || '/' FROM catalog_book
          WHERE NOT is_in_stock ORDER BY id LIMIT 1)
        UNION ALL
        (SELECT '/authors/' || slug || '-' || id || '/' FROM catalog_contributor
          ORDER BY id LIMIT 1)
    """
    return [path for (path,) in shop.rows(query)]


@pytest.mark.parametrize(("scheme", "viewport"), SHAPES, ids=["wide", "phone-dark"])
def test_axe_finds_nothing(live_shop, open_page, scheme, viewport):
    page = open_page(scheme=scheme, viewport=viewport, reduced_motion="reduce")
    found = {}
    for path in [*PATHS, *a_book_and_its_author(live_shop)]:
        page.goto(live_shop.url + path)
        violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        if violations:
            found[path] = [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in violations]
    assert found == {}


def test_nothing_runs_off_a_narrow_screen(live_shop, open_page):
    page = open_page(viewport=(320, 640))
    found = []
    for path in [*PATHS, *a_book_and_its_author(live_shop)]:
        page.goto(live_shop.url + path)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(path)
    assert found == []


@pytest.mark.parametrize("colours", ["none", "active"])
def test_every_stop_of_the_keyboard_shows_its_focus(live_shop, open_page, colours):
    page = open_page(forced_colors=colours)
    for path in ["/books/", a_book_and_its_author(live_shop)[0]]:
        page.goto(live_shop.url + path)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        stops = [page.evaluate(FOCUS)]
        while not stops[-1]["end"] and len(stops) < 200:
            page.keyboard.press("Tab")
            stops.append(page.evaluate(FOCUS))
        assert len(stops) > 10
        assert [stop["what"] for stop in stops[:-1] if not stop["shown"]] == []


def test_skip_link_leads_past_the_head(live_shop, open_page):
    page = open_page(live_shop.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_pages_stay_within_their_budget(live_shop, open_page):
    """STOREFRONT §3: requests of the front page, a list, a book; bytes of the styles."""
    page = open_page(viewport=(1280, 800))
    for path, most in [("/", 18), ("/books/", 32), (a_book_and_its_author(live_shop)[0], 12)]:
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(live_shop.url + path)
        page.wait_for_load_state("networkidle")
        assert len(asked) <= most, path
        assert [url for url in asked if not url.startswith(live_shop.url)] == []
        assert page.evaluate("document.querySelectorAll('*').length") <= 900
    sizes = page.evaluate(
        "performance.getEntriesByType('resource')"
        ".filter(entry => entry.name.includes('.css')).map(entry => entry.encodedBodySize)"
    )
    assert 0 < sum(sizes) <= 10_000
