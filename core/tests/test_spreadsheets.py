"""No cell is run as a formula (T074), and none is changed for good."""

import csv
import io
import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.spreadsheets import harmless, restored

pytestmark = pytest.mark.req("CATL-06")

NASTY = st.text(alphabet="=+-@\t\r\n;,\"' a|!＝", max_size=12)
FORMULA = re.compile(r"""[\s"]*[=+\-@＝＋－＠]""")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+A1", "'+A1"),
        ("-A1", "'-A1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        (" =1+1", "' =1+1"),
        ('"=1+1', "'\"=1+1"),
        ("'=1+1", "''=1+1"),
        ("＝1+1", "'＝1+1"),
        ("Ann;=1+1", "Ann;'=1+1"),
        ("first\n=1+1\nlast", "first\n'=1+1\nlast"),
        ("first\n- a list\n- of two", "first\n'- a list\n'- of two"),
    ],
)
def test_text_like_a_formula_gets_an_apostrophe(text, cell):
    assert harmless(text) == cell
    assert restored(cell) == text


@pytest.mark.parametrize(
    "cell",
    [
        *("", "Emma", "1984", "-750", "+3", "-5.50", "-5,50", "'tis", "a=b", "1-2", "Ann; Bo"),
        *(7, -7, Decimal("-1.50"), 0.5, None),
    ],
)
def test_everything_else_stays_as_it_is(cell):
    assert harmless(cell) == cell
    assert type(harmless(cell)) is type(cell)
    assert restored(str(cell)) == str(cell)


@given(NASTY)
@example("'-5")
@example("-5")
def test_every_text_comes_back(text):
    assert restored(harmless(text)) == text


@given(st.lists(NASTY, min_size=1, max_size=4), st.sampled_from(",;\t"))
def test_no_reader_of_a_file_finds_a_formula(texts, delimiter):
    """Not even one that parts cells elsewhere and takes quotes for letters."""
    file = io.StringIO(newline="")
    csv.writer(file).writerow([harmless(text) for text in texts])
    proper = next(csv.reader(io.StringIO(file.getvalue(), newline="")))
    cells = [*proper, *re.split("[;\t\r\n]", file.getvalue())]
    assert [cell for cell in cells if FORMULA.match(cell)] == []
