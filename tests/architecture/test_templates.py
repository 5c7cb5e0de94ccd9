"""Templates that the strict policy lets through as they are."""

import re

import pytest

from tests.architecture.tree import ROOT, files

pytestmark = pytest.mark.req("BASE-04")

INLINE = {
    "style": re.compile(r"<style\b|\sstyle\s*="),
    "script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(ld\+)?json\")[^>]*>"),
    "handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "javascript link": re.compile(r"javascript:", re.IGNORECASE),
    "foreign file": re.compile(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"(?:https?:)?//"),
}


@pytest.mark.parametrize("name", INLINE)
def test_templates_hold_nothing_inline(name):
    folders = ["templates", "core/templates"]
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for folder in folders
        for path in files(folder, "*.html")
        # Mail readers know nothing but inline styles.
        if "emails" not in path.parts
        for match in INLINE[name].finditer(path.read_text())
    ]

    assert found == []
