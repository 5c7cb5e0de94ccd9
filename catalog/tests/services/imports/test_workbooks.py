"""Excel workbooks, hostile ones among them: PROOFS T073 (zip bomb, 10^6 columns), T076."""

import datetime as dt
import io
import time
import zipfile

import openpyxl
import pytest
from openpyxl.cell import WriteOnlyCell

from catalog.services.imports import workbooks
from catalog.services.imports.rejections import FileRefused
from catalog.services.imports.workbooks import read_workbook

pytestmark = pytest.mark.req("CATL-06")
HEADER = ("isbn13", "title", "price", "published_on")


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file


def altered(file, name, change):
    """Return the archive with one member changed, or added."""
    with zipfile.ZipFile(file) as old:
        members = {member: old.read(member) for member in old.namelist()}
    members[name] = change(members.get(name, b""))
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for member, data in members.items():
            new.writestr(member, data)
    return changed


def rows_of(file):
    return [(row.line, row.fields or row.problem.code) for row in read_workbook(file)]


def problem_of(file):
    started = time.process_time()
    with pytest.raises(FileRefused) as caught:
        rows_of(file)
    assert time.process_time() - started < 2
    return caught.value.problem


def test_cells_are_read_as_people_would_write_them():
    rows = rows_of(
        workbook(
            HEADER,
            (9780140449136, "Crime", 19.99, dt.date(2003, 1, 30)),
            (),
            (9780439023481.0, "Games", 10, dt.datetime.fromisoformat("2008-09-14 12:00")),
            ("9.78E+12", "#N/A", 0.1 + 0.2, 2008),
        )
    )
    assert rows == [
        (2, dict(zip(HEADER, ("9780140449136", "Crime", "19.99", "2003-01-30"), strict=True))),
        (4, dict(zip(HEADER, ("9780439023481", "Games", "10", "2008-09-14"), strict=True))),
        (5, dict(zip(HEADER, ("9.78E+12", "", "0.3", "2008"), strict=True))),
    ]


def test_a_formula_counts_by_its_last_result():
    file = altered(
        workbook(HEADER, ("9780140449136", "=1+1")),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>"),
    )
    assert rows_of(file)[0][1]["title"] == "2"


def test_the_first_visible_sheet_is_read():
    book = openpyxl.Workbook()
    book.active.sheet_state = "hidden"
    book.active.append(["notes"])
    sheet = book.create_sheet("Books")
    sheet.append(HEADER)
    sheet.append(["1", "a", None, None, "too much"])
    sheet.append(["2", "b"])
    assert rows_of(saved(book)) == [
        (2, "ROW_MALFORMED"),
        (3, {"isbn13": "2", "title": "b"}),
    ]


def test_sheets_with_the_same_header_go_on():
    book = openpyxl.Workbook()
    for rows in (
        [HEADER, ("1", "a"), (), ("2", "b")],
        [("notes",), ("x",)],
        [(), HEADER, ("3", "c")],
    ):
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    told = [(line, said["title"]) for line, said in rows_of(saved(book))]
    assert told == [(2, "a"), (4, "b"), (4 + 1 + 3, "c")]


def test_a_workbook_without_a_header_is_refused():
    assert problem_of(workbook(("a", "b"))) == "HEADER_MISSING"
    assert rows_of(workbook()) == []


def test_too_many_columns_are_refused():
    assert problem_of(workbook([*HEADER, *range(16_000)])) == "TOO_MANY_COLUMNS"


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = altered(
        workbook(HEADER), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 60_000_000
    )
    assert len(bomb.getvalue()) < 100_000
    assert problem_of(bomb) == "FILE_TOO_PACKED"


@pytest.mark.parametrize("member", ["xl/sharedStrings.xml", "xl/styles.xml"])
def test_parts_that_are_held_in_memory_have_a_ceiling(member, monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_STRINGS", 100)
    monkeypatch.setattr(workbooks, "MOST_OF_OTHERS", 100_000)
    file = altered(workbook(HEADER), member, lambda xml: xml + b" " * 100_001)
    assert problem_of(file) == "FILE_TOO_PACKED"


def test_a_size_that_lies_is_found_out():
    file = workbook(HEADER, *[(n, "t" * 50) for n in range(1000)])
    data = bytearray(file.getvalue())
    with zipfile.ZipFile(file) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    at = data.rindex(size.to_bytes(4, "little"))
    data[at : at + 4] = (100).to_bytes(4, "little")
    assert problem_of(io.BytesIO(data)) == "WORKBOOK_BROKEN"


def test_entities_are_refused():
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    file = altered(
        workbook(HEADER, ("1", "a")),
        "xl/worksheets/sheet1.xml",
        lambda xml: laughs + xml[xml.index(b"<worksheet") :].replace(b"</v>", b"&b;</v>"),
    )
    assert problem_of(file) == "WORKBOOK_BROKEN"


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace(b'<row r="2"', b'<row r="99999999"'),
        lambda xml: xml.replace(b'r="A2"', b'r="ZZZZZZ2"'),
        lambda xml: xml[:-200],
        lambda xml: b"",
        lambda xml: xml.replace(b"</sheetData>", b"<a>" * 100_000 + b"</sheetData>"),
    ],
)
def test_a_damaged_sheet_is_refused(change):
    file = altered(
        workbook(HEADER, *[(n, "a") for n in range(9)]), "xl/worksheets/sheet1.xml", change
    )
    assert problem_of(file) == "WORKBOOK_BROKEN"


def test_a_sheet_that_says_it_is_huge_is_read_as_it_is():
    file = altered(
        workbook(HEADER, (1, "a")),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<dimension ref="A1:D2"', b'<dimension ref="A1:XFD1048576"'),
    )
    started = time.process_time()
    assert rows_of(file) == [(2, {"isbn13": "1", "title": "a"})]
    assert time.process_time() - started < 1


def test_other_archives_are_refused():
    slip = io.BytesIO()
    with zipfile.ZipFile(slip, "w") as archive:
        archive.writestr("../../" + "x" * 4_000 + ".csv", "isbn13,title")
    assert problem_of(slip) == "NOT_A_WORKBOOK"
    assert problem_of(io.BytesIO(slip.getvalue()[:-30])) == "WORKBOOK_BROKEN"


def test_a_cell_that_is_too_far_out_loses_its_row_alone():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER)
    sheet.append([WriteOnlyCell(sheet, value=1), "a"] + [None] * 16_000 + ["far"])
    sheet.append([2, "b"])
    assert [
        said if isinstance(said, str) else said["title"] for _, said in rows_of(saved(book))
    ] == [
        "ROW_MALFORMED",
        "b",
    ]
