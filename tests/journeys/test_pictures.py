"""Pictures of the shop as it is: every run takes them, `make pictures` keeps them."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
KEEP_IN = os.environ.get("PICTURES")  # a folder below the repository; without it a temporary one
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.browser
@pytest.mark.req("DISC-05")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_front_page_is_pictured_as_it_is(live_shop, open_page, tmp_path, scheme):
    folder = ROOT / KEEP_IN if KEEP_IN else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    page = open_page(scheme=scheme, viewport=(1280, 860))

    page.goto(live_shop.url, wait_until="networkidle")
    picture = page.screenshot(path=folder / f"home-{scheme}.png")

    assert picture.startswith(PNG)
    assert len(picture) > 20_000  # an empty page is far smaller
