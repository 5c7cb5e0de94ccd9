"""Files of books, told by what is in them: PROOFS T073, T076."""

import gzip
import io
import json
import time

import pytest

from catalog.services.imports import files
from catalog.services.imports.files import BookFile
from catalog.services.imports.rejections import FileRefused
from catalog.tests.services.imports.test_workbooks import workbook

pytestmark = pytest.mark.req("CATL-06")
BOOK = {"isbn13": "9780140449136", "title": "Crime é"}
CSV = "isbn13,title\n9780140449136,Crime é\n"


def told(content, file_format=None):
    file = BookFile(io.BytesIO(content), file_format)
    return file.format, file.encoding, [row.fields for row in file.rows()]


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (json.dumps(BOOK).encode(), ("jsonl", "utf-8")),
        (b"\xef\xbb\xbf\n " + json.dumps(BOOK).encode(), ("jsonl", "utf-8-sig")),
        (CSV.encode(), ("csv", "utf-8")),
        (CSV.encode("utf-16"), ("csv", "utf-16")),
        (CSV.encode("utf-16-le"), ("csv", "utf-16-le")),
        (CSV.encode("cp1252"), ("csv", "cp1252")),
        (workbook(("isbn13", "title"), tuple(BOOK.values())).getvalue(), ("xlsx", "")),
    ],
)
def test_format_and_encoding_are_told_by_the_content(content, expected, pack):
    assert told(pack(content)) == (*expected, [BOOK])


def test_a_format_that_is_named_counts():
    assert told(b"title,isbn\na,1\n", "csv")[0] == "csv"
    assert told(b"title,isbn\na,1\n", "jsonl")[2] == [None, None]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "FILE_EMPTY"),
        (b" \n\n", "FILE_EMPTY"),
        (b"[" * 100_000, "JSON_LIST"),
        (b"%PDF-1.7", "FILE_BINARY"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "OLD_WORKBOOK"),
        (b"PK\x03\x04" + bytes(600), "WORKBOOK_BROKEN"),
        (b"\x7fELF" + bytes(range(256)) * 20, "FILE_BINARY"),
        (gzip.compress(gzip.compress(CSV.encode())), "PACKED_TWICE"),
        (gzip.compress(CSV.encode() * 1000)[:-20], "FILE_DAMAGED"),
        (gzip.compress(CSV.encode() * 1000)[:40] + b"x" * 40, "FILE_DAMAGED"),
        (CSV.encode("utf-16") + b"\x00\xd8\x00\xd8x", "FILE_DAMAGED"),
        (gzip.compress(b"x" * 60_000_000, 1), "FILE_TOO_PACKED"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_no_list_of_books_is_refused_soon(content, problem):
    started = time.process_time()
    with pytest.raises(FileRefused) as caught:
        told(content)
    assert caught.value.problem == problem
    assert caught.value.message.endswith(".")
    assert time.process_time() - started < 2


def test_a_gzipped_file_has_a_ceiling(monkeypatch):
    monkeypatch.setattr(files, "MOST_UNPACKED", 1_000)
    with pytest.raises(FileRefused) as caught:
        told(gzip.compress(CSV.encode() * 100))
    assert caught.value.problem == "FILE_TOO_PACKED"


def test_rows_can_be_read_again():
    file = BookFile(io.BytesIO(gzip.compress(CSV.encode())))
    assert [list(file.rows()), list(file.rows())] == [list(file.rows())] * 2
    assert file.bytes_read == len(gzip.compress(CSV.encode()))
