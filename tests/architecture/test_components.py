"""Every component says what it takes and how it is used."""

import re

import pytest

from tests.architecture.tree import ROOT, files

CONTRACT = re.compile(r"\A{% comment %}\n.+?\nAccepts: .+?\nUsage: .+?{% endcomment %}", re.DOTALL)


@pytest.mark.req("BASE-04")
@pytest.mark.parametrize(
    "path", files("templates/components", "*.html"), ids=lambda path: path.stem
)
def test_component_starts_with_its_contract(path):
    assert CONTRACT.match(path.read_text())


@pytest.mark.req("BASE-04")
def test_styles_stay_small():
    styles = "".join(path.read_text() for path in files("static/css", "*.css"))
    assert len(styles) < 40_000
    assert (
        re.search(r"(?<!no-)(?:margin|padding|border|inset)-(?:left|right|top|bottom)", styles)
        is None
    )
    assert not re.search(r"\b(?:left|right):", styles)


@pytest.mark.req("BASE-04")
def test_components_are_included_with_their_own_names_only():
    """An include without `only` hands on everything; only the frame's parts may have it."""
    whole = {"components/masthead.html", "components/footer.html", "components/book_list.html"}
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in files("templates", "*.html")
        for name, rest in re.findall(r'{% include "(components/[^"]+)"([^%]*)%}', path.read_text())
        if not rest.rstrip().endswith("only") and name not in whole
    }
    assert found == set()
