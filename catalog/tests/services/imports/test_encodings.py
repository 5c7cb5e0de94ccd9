"""Encodings of files: told for sure or refused, never guessed (PROOFS T073, mixed encodings)."""

import codecs
from io import BytesIO

import pytest

from catalog.services.imports.encodings import encoding_of
from catalog.services.imports.rejections import FileRefused

pytestmark = pytest.mark.req("CATL-06")
ASCII = b"isbn13,title\n9780140449136,Crime\n" * 10


def encoded(text, codec):
    return ASCII + text.encode(codec)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (ASCII, "utf-8"),
        (b"", "utf-8"),
        (encoded("Gabriel García Márquez", "utf-8"), "utf-8"),
        (codecs.BOM_UTF8 + encoded("García", "utf-8"), "utf-8-sig"),
        ("isbn13,title\nא".encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + "isbn13,title\n".encode("utf-16-be"), "utf-16"),
        ("isbn13,title\n".encode("utf-16-le"), "utf-16-le"),
        ("isbn13,title\n".encode("utf-16-be"), "utf-16-be"),
        (encoded("García Márquez, “Größe”, l’été créée, €5", "cp1252"), "cp1252"),
        # Mostly UTF-8: the row with the broken byte is rejected by itself.
        (encoded("García Márquez", "utf-8") + b"\ncaf\xe9\n", "utf-8"),
    ],
)
def test_encoding_is_told(content, expected):
    assert encoding_of(BytesIO(content)) == expected


@pytest.mark.parametrize(
    "content",
    [
        encoded("עמוס עוז", "cp1255"),
        encoded("Достоевский", "cp1251"),
        encoded("Bolesław Prus, Żeromski", "cp1250"),
        encoded("Orhan Pamuk, Masumiyet Müzesi, başka ışık", "cp1254"),
        encoded("村上春樹", "shift-jis"),
        encoded("García", "utf-8") + encoded("García Márquez", "cp1252"),
        "isbn13,title\n".encode("utf-32"),
    ],
)
def test_encoding_in_doubt_is_refused(content):
    with pytest.raises(FileRefused) as caught:
        encoding_of(BytesIO(content))
    assert caught.value.problem == "ENCODING_UNKNOWN"
    assert "CSV UTF-8" in caught.value.message


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(FileRefused) as caught:
        encoding_of(BytesIO(bytes(range(256)) * 10))
    assert caught.value.problem == "FILE_BINARY"


def test_a_letter_between_two_chunks_is_whole(monkeypatch):
    monkeypatch.setattr("catalog.services.imports.encodings.CHUNK", 3)
    assert encoding_of(BytesIO("ab€cé".encode() * 5)) == "utf-8"
