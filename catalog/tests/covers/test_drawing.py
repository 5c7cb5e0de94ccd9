"""Covers: readable, inside the plate, valid, for whatever a title may hold."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog.covers import cover_svg, key_of, lettering
from catalog.covers.colours import HUES, LEAST_CONTRAST, contrast, scheme
from catalog.covers.drawing import HEIGHT, LAYOUTS, MARGIN, SPACING, WIDTH

SVG = "{http://www.w3.org/2000/svg}"
TITLES = st.text(max_size=300)
SCRIPTS = st.sampled_from(
    [
        "Преступление и наказание",
        "吾輩は猫である",
        "살인자의 기억법",
        "סיפור על אהבה וחושך",
        "موسم الهجرة إلى الشمال",
        "गोदान और अन्य कहानियाँ",
        "สี่แผ่นดิน",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    ]
)


def texts(svg: str) -> list[tuple[float, float, float, str]]:
    """Return left edge, right edge, baseline and text of every line on a cover."""
    found = []
    for block in ET.fromstring(svg).iter(f"{SVG}text"):
        size = float(block.get("font-size"))
        spacing = float(block.get("letter-spacing", "0"))
        for line in block.iter(f"{SVG}tspan"):
            x, length = float(line.get("x")), lettering.width(line.text) * size
            length += spacing * len(line.text)
            if block.get("text-anchor") == "middle":
                left = x - length / 2
            else:
                left = x - length if block.get("direction") == "rtl" else x
            found.append((left, left + length, float(line.get("y")), line.text))
    return found


@pytest.mark.req("CATL-07")
@settings(max_examples=300, deadline=None)
@given(
    title=TITLES | SCRIPTS,
    author=st.text(max_size=120),
    work_id=st.integers(1, 10**9),
    edition=st.integers(0, 12),
)
@example(title="x" * 300, author="y" * 120, work_id=1, edition=0)
@example(title="漢" * 300, author="字" * 60, work_id=2, edition=1)
@example(title="C++ & <b>\"'\x00\ud800\ufffe\u202e</b>", author="\x1b", work_id=3, edition=2)
@example(title="W " * 150, author="M" * 60, work_id=4, edition=3)
def test_cover_of_any_title_is_valid_and_inside_the_plate(title, author, work_id, edition):
    svg = cover_svg(work_id=work_id, edition=edition, title=title, author=author)
    for left, right, baseline, _text in texts(svg):
        assert left >= MARGIN
        assert right <= WIDTH - MARGIN
        assert MARGIN <= baseline <= HEIGHT - MARGIN


@pytest.mark.req("CATL-07")
@given(hue=st.sampled_from(HUES), pale=st.booleans(), shade=st.integers(0, 3))
def test_scheme_text_stands_out_from_cloth(hue, pale, shade):
    colours = scheme(hue, pale, shade)
    assert contrast(colours.cloth, colours.text) >= LEAST_CONTRAST


@pytest.mark.req("CATL-07")
def test_contrast_of_black_and_white_is_twenty_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.req("CATL-09")
def test_editions_of_a_work_share_the_cloth_and_differ_in_layout():
    covers = [
        cover_svg(work_id=7, edition=edition, title="Emma", author="Jane Austen")
        for edition in range(len(LAYOUTS))
    ]
    assert len({re.search('fill="(#[0-9a-f]{6})"', cover).group(1) for cover in covers}) == 1
    assert len(set(covers)) == len(LAYOUTS)


@pytest.mark.req("CATL-07")
@pytest.mark.parametrize(
    ("title", "longest"),
    [
        ("Meditations", "Meditations"),
        ("Moby-Dick; or, The Whale", "Moby-Dick;"),
        ("The Strange Case of Dr Jekyll and Mr Hyde", "Strange"),
    ],
)
@pytest.mark.parametrize("edition", range(len(LAYOUTS)))
def test_words_do_not_break(title, longest, edition):
    svg = cover_svg(work_id=1, edition=edition, title=title, author="")
    lines = [text for *_place, text in texts(svg)]
    assert " ".join(lines) == title
    assert any(longest in line for line in lines)


@pytest.mark.req("CATL-07")
def test_title_from_right_to_left_is_set_from_the_right():
    svg = cover_svg(work_id=1, edition=0, title="שירת הים התיכון", author="Amos Oz")
    assert 'direction="rtl"' in svg
    assert "matrix(-1 0 0 1 240 0)" in svg


@pytest.mark.req("CATL-07")
def test_key_changes_with_title_and_author():
    keys = {key_of(1, "Emma", "Jane Austen"), key_of(1, "Emma", "J. Austen"), key_of(2, "Emma", "")}
    assert len(keys) == 3
    assert key_of(1, "Emma", "Jane Austen") in keys


@pytest.mark.req("CATL-07")
def test_spacing_of_the_authors_name_is_part_of_its_room():
    svg = cover_svg(work_id=1, edition=0, title="A", author="Robert Louis Stevenson")
    assert f'letter-spacing="{SPACING}"' in svg
