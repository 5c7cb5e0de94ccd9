"""Looking at a page of the desk as people do: in either scheme, on either screen, by axe.

Pictures of what was seen are left in test-results/staff.
"""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

PICTURES = Path("test-results/staff")
LARGE, SMALL = (1280, 900), (390, 844)
# Each scheme and each screen once.
LOOKS = [("light", LARGE), ("dark", SMALL)]
ALL_LOOKS = [("light", LARGE), ("dark", LARGE), ("light", SMALL), ("dark", SMALL)]
_SERIOUS = {"serious", "critical"}
_WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def look(page, name, scheme, viewport):
    """Take a picture; return what shuts somebody out."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}-{scheme}-{viewport[0]}.png", full_page=True)
    assert page.locator("main").count() == 1, name
    assert page.evaluate(_WIDER) is False, name
    return [(name, rule) for rule in barriers(page)]


def barriers(page):
    """Return the rules of axe that the page breaks gravely."""
    found = Axe().run(page).response["violations"]
    return [each["id"] for each in found if each["impact"] in _SERIOUS]
