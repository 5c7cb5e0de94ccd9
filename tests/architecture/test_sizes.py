"""Small files and small functions, so that each can be read at once."""

import pytest

from tests.architecture.tree import ROOT, files, functions, in_layer, length, modules, shop_modules

pytestmark = pytest.mark.req("BASE-04")


def lines(path) -> int:
    return len(path.read_text().splitlines())


def longer(folder: str, pattern: str, most: int) -> dict[str, int]:
    sizes = {str(path.relative_to(ROOT)): lines(path) for path in files(folder, pattern)}
    return {name: size for name, size in sizes.items() if size > most and ".min." not in name}


def test_modules_have_at_most_300_lines():
    sizes = {name: lines(ROOT / name) for name in modules()}

    assert {name: size for name, size in sizes.items() if size > 300} == {}


def test_functions_have_at_most_40_lines():
    found = {
        f"{name}:{function.name}": length(function)
        for name, tree in shop_modules().items()
        for function in functions(tree)
        if length(function) > 40
    }

    assert found == {}


def test_views_have_at_most_25_lines():
    found = {
        f"{name}:{function.name}": length(function)
        for name, tree in in_layer("views", "pages").items()
        for function in functions(tree)
        if length(function) > 25 and "request" in [each.arg for each in function.args.args]
    }

    assert found == {}


@pytest.mark.parametrize(
    ("folder", "pattern", "most"),
    [
        ("templates", "*.html", 150),
        ("templates", "*.txt", 150),
        ("core/templates", "*.html", 150),
        ("static", "*.css", 250),
        ("core/static", "*.css", 250),
        ("static", "*.js", 150),
    ],
)
def test_templates_styles_and_scripts_are_short(folder, pattern, most):
    assert longer(folder, pattern, most) == {}


def test_no_drawer_for_odds_and_ends():
    drawers = {"utils.py", "helpers.py", "misc.py", "common.py", "tools.py"}

    assert [name for name in modules() if name.rsplit("/", 1)[-1] in drawers] == []
