"""Hostile and broken files instead of ONIX messages: PROOFS T072."""

import io
import threading
import time
import tracemalloc
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from catalog.services.imports.onix.messages import LONGEST_PRODUCT, read_products
from catalog.services.imports.rejections import FileRefused

pytestmark = pytest.mark.req("CATL-06")
HEAD = '<ONIXMessage release="3.0"><Header/>'
PRODUCT = "<Product><RecordReference>r</RecordReference></Product>"
MESSAGE = f"{HEAD}{PRODUCT}</ONIXMessage>"
EDITEUR = "http://www.editeur.org/onix/2.1/reference/onix-international.dtd"
LAUGHS = "".join(f'<!ENTITY h{n} "{f"&h{n - 1};" * 10}">' for n in range(1, 10))
SECONDS = 2


class Endless(io.RawIOBase):
    """A file of a beginning and 2 GB more of the same, which nobody has to hold."""

    def __init__(self, beginning, more, size=2_000_000_000):
        self.beginning, self.more, self.left, self.place = beginning, more, size, 0
        self.many = more * (200_000 // len(more) + 1)

    def read(self, size=-1):
        if self.beginning:
            beginning, self.beginning = self.beginning, b""
            return beginning
        piece = self.many[self.place :][: min(size, self.left)]
        self.place = (self.place + len(piece)) % len(self.more)
        self.left -= len(piece)
        return piece


def outcome_of(content):
    """Return how many products there were and why it ended."""
    if isinstance(content, str):
        content = content.encode()
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    products = 0
    try:
        for _names, _product in read_products(file):
            products += 1
    except FileRefused as refusal:
        return products, refusal.problem
    return products, ""


def declared(encoding, codec=None):
    text = f'<?xml version="1.0" encoding="{encoding}"?>{MESSAGE.replace(">r<", ">é<")}'
    return text.encode(codec or encoding)


@pytest.mark.parametrize(
    "content",
    [
        MESSAGE,
        f"\ufeff{MESSAGE}",
        f'<?xml version="1.0"?>\n<!-- a > b -->\n<?x y?>{MESSAGE}',
        f'<!DOCTYPE ONIXMessage SYSTEM "{EDITEUR}">{MESSAGE}',
        f"<!DOCTYPE ONIXMessage PUBLIC '-//x' '{EDITEUR}' >{MESSAGE}",
        MESSAGE.replace("<Header/>", "<!-- one --><Header/><?two?>"),
        declared("UTF-8"),
        declared("UTF-16"),
        declared("UTF-16", "utf-16-be"),
        declared("ISO-8859-1"),
        declared("windows-1252"),
        declared("ISO-8859-15"),
        MESSAGE.encode("utf-16"),
    ],
)
def test_honest_messages_are_read(content):
    assert outcome_of(content) == (1, "")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (f'<!DOCTYPE ONIXMessage [<!ENTITY h0 "ha">{LAUGHS}]>{MESSAGE}', "DTD_FORBIDDEN"),
        (f'<!DOCTYPE ONIXMessage [<!ENTITY a "{"a" * 60_000}">]>{MESSAGE}', "DTD_FORBIDDEN"),
        (f'<!DOCTYPE ONIXMessage SYSTEM "file:///etc/passwd">{MESSAGE}', "DTD_FORBIDDEN"),
        (f'<!DOCTYPE ONIXMessage SYSTEM "http://x.example/a.dtd">{MESSAGE}', "DTD_FORBIDDEN"),
        (f'<!DOCTYPE html SYSTEM "{EDITEUR}">{MESSAGE}', "DTD_FORBIDDEN"),
        (f'<!DOCTYPE ONIXMessage SYSTEM "{EDITEUR}"[ ]>{MESSAGE}', "DTD_FORBIDDEN"),
        ("", "NOT_ONIX"),
        ("<?xml", "NOT_ONIX"),
        ("<ONIXMess", "NOT_ONIX"),
        ('{"isbn13": "1"}', "NOT_ONIX"),
        ("isbn13,title\n1,2\n", "NOT_ONIX"),
        ("<html><body>Not found</body></html>", "NOT_ONIX"),
        (MESSAGE.replace("ONIXMessage", "Products"), "NOT_ONIX"),
        (MESSAGE.replace("release", 'xmlns="http://evil.example/" release'), "NAMESPACE"),
        (MESSAGE.replace("3.0", "2.0"), "RELEASE"),
        (MESSAGE.replace("3.0", "4.0"), "RELEASE"),
        (declared("UTF-7"), "ENCODING"),
        (declared("UTF-32"), "ENCODING"),
        (declared("EBCDIC-CP-BE", "latin-1"), "ENCODING"),
        (declared("UTF-16", "utf-8"), "ENCODING"),
        (declared("UTF-8", "utf-16"), "ENCODING"),
        (declared("UTF-8", "latin-1"), "ENCODING"),
        (MESSAGE.replace(">r<", ">é<").encode("latin-1"), "ENCODING"),
        (declared("windows-1252", "latin-1").replace(b"\xe9", b"\x81"), "ENCODING"),
        ("+ADw-ONIXMessage+AD4-", "NOT_ONIX"),
        (HEAD + "<a>" * 100_000, "TOO_DEEP"),
        (f"{HEAD}<Product>" + "<a>" * 100_000, "TOO_DEEP"),
    ],
)
def test_what_is_no_message_is_refused(content, problem):
    started = time.perf_counter()

    assert outcome_of(content) == (0, problem)
    assert time.perf_counter() - started < SECONDS


@pytest.mark.parametrize(
    ("rest", "problem"),
    [
        ("", "BROKEN_OFF"),
        ("<Product><RecordRef", "BROKEN_OFF"),
        ("<Product><!-- ", "BROKEN_OFF"),
        ("<Product></Header>", "NOT_WELL_FORMED"),
        ("</ONIXMessage><Product/>", "NOT_WELL_FORMED"),
        ("\0<Product/>", "NOT_WELL_FORMED"),
        (f'<!DOCTYPE a [<!ENTITY b "c">]>{PRODUCT}</ONIXMessage>', "NOT_WELL_FORMED"),
        ("<Product>" + "<a>" * 300, "TOO_DEEP"),
    ],
)
def test_products_before_a_break_are_kept(rest, problem):
    assert outcome_of(HEAD + PRODUCT * 3 + rest) == (3, problem)


def test_the_refusal_tells_the_line_of_the_file():
    content = f'<?xml version="1.0"?>\n<!-- \n -->\n{HEAD}\n{PRODUCT}\n</Product>'
    with pytest.raises(FileRefused) as refusal:
        list(read_products(io.BytesIO(content.encode())))
    assert "line 6" in str(refusal.value.data["reason"])


@pytest.mark.parametrize(
    ("beginning", "more", "problem"),
    [
        (HEAD, "<Price>1</Price>", "PRODUCT_TOO_LONG"),
        (f"{HEAD}<Product>", "<a/>", "PRODUCT_TOO_LONG"),
        (f"{HEAD}<Product><Text>", "x", "PRODUCT_TOO_LONG"),
        (f"{HEAD}<Product><Text>", "&lt;b&gt;", "PRODUCT_TOO_LONG"),
        (f"{HEAD}<!--", "x", "PRODUCT_TOO_LONG"),
        (f"{HEAD}<Product>", " ", "PRODUCT_TOO_LONG"),
        ("<ONIXMessage ", "x", "PRODUCT_TOO_LONG"),
        ("", " ", "NOT_ONIX"),
        ("<!--", "x", "NOT_ONIX"),
        ("<!DOCTYPE ", " ", "NOT_ONIX"),
        ("<", "x", "NOT_ONIX"),
    ],
)
def test_two_gigabytes_of_nothing_are_refused_at_once(beginning, more, problem):
    started = time.perf_counter()

    assert outcome_of(Endless(beginning.encode(), more.encode())) == (0, problem)
    assert time.perf_counter() - started < SECONDS


def test_a_million_elements_that_are_never_used_are_not_kept():
    long = f"{HEAD}<Product>{'<a/>' * 1_000_000}</Product></ONIXMessage>"

    assert outcome_of(long) == (0, "PRODUCT_TOO_LONG")


def test_memory_does_not_grow_with_the_file():
    product = f"<Product><Text>{'x' * 2_000}</Text></Product>".encode()

    def peak(size):
        tracemalloc.start()
        products, problem = outcome_of(Endless(HEAD.encode(), product, size=size))
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert (products, problem) == (size // len(product), "BROKEN_OFF")
        return most

    peak(LONGEST_PRODUCT)
    assert peak(40 * LONGEST_PRODUCT) < 2 * peak(4 * LONGEST_PRODUCT)


class Canary(BaseHTTPRequestHandler):
    """Remembers whoever comes."""

    def do_GET(self):
        self.server.visits.append(self.path)
        self.send_response(200)
        self.end_headers()


@pytest.fixture
def canary():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Canary)
    server.visits = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "template",
    [
        '<!DOCTYPE ONIXMessage SYSTEM "{url}">{message}',
        '<!DOCTYPE ONIXMessage [<!ENTITY a SYSTEM "{url}">]>{message}',
        '<!DOCTYPE ONIXMessage [<!ENTITY % a SYSTEM "{url}"> %a;]>{message}',
        '<?xml-stylesheet href="{url}"?>{included}',
        '<?xml-model href="{url}"?>{included}',
        "{included}",
    ],
)
def test_nothing_is_fetched(template, canary, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    problems = set()
    for url in (f"http://127.0.0.1:{canary.server_port}/x.dtd", secret.as_uri()):
        include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{url}"'
        schema = f'xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:schemaLocation="a {url}"'
        inside = f'{include} parse="text"/>&a;'
        included = MESSAGE.replace(">r<", f">{inside}<").replace(" release", f" {schema} release")
        content = template.format(url=url, message=MESSAGE, included=included)
        said = ""
        try:
            for _names, product in read_products(io.BytesIO(content.encode())):
                said += "".join(product.itertext())
        except FileRefused as refusal:
            problems.add(refusal.problem)
        assert "secret" not in said
    assert canary.visits == []
    assert problems <= {"DTD_FORBIDDEN"}
