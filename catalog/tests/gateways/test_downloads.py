"""Pictures from addresses: PROOFS T075. Real servers, and canaries that must never be visited."""

import socket
import time

import pytest

from catalog.errors import CoverNotFetched, SsrfBlocked
from catalog.gateways import addresses, downloads
from catalog.tests.pictures import picture
from tests.servers.pictures import HOST, Canary, PictureServer, certificate_in

pytestmark = pytest.mark.req("CATL-07")
PUBLIC = "93.184.215.14"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def server(certificate, settings, monkeypatch):
    """A server that the settings of this test let the shop ask, by the name of `HOST`."""
    running = PictureServer(certificate, picture())
    settings.COVER_SOURCES_INSIDE = frozenset({(HOST, running.port)})
    settings.COVER_SOURCES_CA = str(certificate)
    resolve_as(monkeypatch, {HOST: ["127.0.0.1"]})
    yield running
    running.stop()


@pytest.fixture
def canary(monkeypatch):
    """A listener inside, on the one port that the shop asks."""
    listener = Canary()
    monkeypatch.setattr(addresses, "HTTPS", listener.port)
    yield listener
    listener.stop()


def resolve_as(monkeypatch, names, asked=None):
    """Let names stand for addresses, all others for what they stand for; note who was asked."""
    real = socket.getaddrinfo

    def looked_up(host, port, *args, **kwargs):
        if asked is not None:
            asked.append(host)
        if host not in names:
            return real(host, port, *args, **kwargs)
        return [
            (
                socket.AF_INET6 if ":" in ip else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (ip, port),
            )
            for ip in names[host]
        ]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
]


@pytest.mark.parametrize("ip", INSIDE)
def test_name_that_stands_for_a_machine_inside_is_blocked(ip, monkeypatch):
    resolve_as(monkeypatch, {"shop.example": [ip]})

    with pytest.raises(SsrfBlocked):
        addresses.target_of("https://shop.example/cover.jpg", seconds=5)


@pytest.mark.parametrize("ip", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_control_name_that_stands_for_a_public_machine_is_let_through(ip, monkeypatch):
    resolve_as(monkeypatch, {"shop.example": [ip]})
    target = addresses.target_of("https://shop.example/a%20b.jpg?x=1", seconds=5)

    assert (target.host, target.port, target.ip) == ("shop.example", 443, ip)
    assert target.path == "/a%20b.jpg?x=1"


def test_one_machine_inside_among_public_ones_is_enough(monkeypatch):
    resolve_as(monkeypatch, {"shop.example": [PUBLIC, "10.0.0.1"]})

    with pytest.raises(SsrfBlocked):
        addresses.target_of("https://shop.example/", seconds=5)


WAYS_IN = [
    "https://127.0.0.1:{port}/",
    "https://localhost:{port}/",
    "https://[::ffff:127.0.0.1]:{port}/",
    "https://2130706433:{port}/",
    "https://0177.0.0.1:{port}/",
    "https://0x7f.1:{port}/",
    "https://127.1:{port}/",
    "https://0:{port}/",
]
NOT_ADDRESSES = [
    "http://127.0.0.1:{port}/",
    "http://example.com/",
    "https://user@127.0.0.1:{port}/",
    "https://example.com@127.0.0.1:{port}/",
    "https://example.com\\@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}#@example.com/",
    "ftp://127.0.0.1:{port}/x.jpg",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_GET",
    "https:///x.jpg",
    "https://exa mple.com/",
    "https://example.com/\r\nHost: x",
    "https://[fe80::1%25lo]:{port}/",
    "https://example.com:99999/",
    "https://exämple.com/",
    "https://example.com/" + "x" * 3_000,
    "",
]


@pytest.mark.parametrize("way", [*WAYS_IN, *NOT_ADDRESSES])
def test_no_way_of_writing_an_address_leads_inside(way, canary):
    with pytest.raises(SsrfBlocked):
        downloads.fetch(way.format(port=canary.port))

    assert canary.stop() == 0


@pytest.mark.parametrize("way", WAYS_IN)
def test_control_without_the_check_every_way_leads_inside(way, canary, monkeypatch):
    monkeypatch.setattr(addresses, "is_public", lambda ip: True)
    with pytest.raises(CoverNotFetched):
        downloads.fetch(way.format(port=canary.port))

    assert canary.stop() == 1


def test_other_ports_of_public_machines_are_blocked(monkeypatch):
    resolve_as(monkeypatch, {"shop.example": [PUBLIC]})
    with pytest.raises(SsrfBlocked):
        downloads.fetch("https://shop.example:6379/")


def test_picture_is_fetched_from_the_machine_that_was_checked(server, monkeypatch):
    asked = []
    resolve_as(monkeypatch, {HOST: ["127.0.0.1"]}, asked)

    assert downloads.fetch(server.url("/cover.jpg")) == server.picture
    # One look-up: a name that means something else a moment later (T075's rebinding) is not asked.
    assert asked.count(HOST) == 1
    assert server.hits == [("/cover.jpg", f"{HOST}:{server.port}")]
    assert server.headers["Accept-Encoding"] == "identity"
    assert not {"Cookie", "Authorization", "Referer"} & set(server.headers)


def test_name_that_changes_its_mind_between_two_hops_is_blocked(server, monkeypatch):
    """Rebinding by redirect: each hop is looked up, and checked, anew."""
    monkeypatch.setattr(addresses, "HTTPS", server.port)
    resolve_as(monkeypatch, {HOST: ["127.0.0.1"], "shop.example": ["10.0.0.1"]})

    with pytest.raises(SsrfBlocked):
        downloads.fetch(server.url(f"/move?to=https://shop.example:{server.port}/cover.jpg"))


@pytest.mark.parametrize(
    "to", ["https://127.0.0.1:{port}/", "http://127.0.0.1:{port}/", "//[::1]/"]
)
def test_redirect_does_not_lead_inside(to, server, canary):
    with pytest.raises(SsrfBlocked):
        downloads.fetch(server.url("/move?to=" + to.format(port=canary.port)))

    assert canary.stop() == 0
    assert len(server.hits) == 1


@pytest.mark.parametrize(("times", "is_fetched"), [(3, True), (4, False)])
def test_three_redirects_are_followed_and_no_more(times, is_fetched, server):
    if is_fetched:
        assert downloads.fetch(server.url(f"/again?times={times}")) == server.picture
    else:
        with pytest.raises(CoverNotFetched):
            downloads.fetch(server.url(f"/again?times={times}"))
    assert len(server.hits) == 4


@pytest.mark.parametrize(
    "path", ["/missing", "/packed", "/endless", "/short", "/move?to=", "/nowhere"]
)
def test_what_is_no_whole_picture_is_not_fetched(path, server):
    with pytest.raises(CoverNotFetched):
        downloads.fetch(server.url(path))


@pytest.mark.parametrize("path", ["/drips", "/headers"])
def test_slow_machine_is_left_when_the_time_is_up(path, server, monkeypatch):
    monkeypatch.setattr(downloads, "MOST_SECONDS", 0.6)
    started = time.monotonic()

    with pytest.raises(CoverNotFetched):
        downloads.fetch(server.url(path))
    assert time.monotonic() - started < 1.5


def test_slow_resolver_is_left_when_the_time_is_up(monkeypatch):
    monkeypatch.setattr(downloads, "MOST_SECONDS", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(1) or [])
    started = time.monotonic()

    with pytest.raises(CoverNotFetched):
        downloads.fetch("https://shop.example/")
    assert time.monotonic() - started < 0.8


def test_machine_whose_certificate_names_another_is_not_believed(server, settings, monkeypatch):
    resolve_as(monkeypatch, {"other.test": ["127.0.0.1"]})
    settings.COVER_SOURCES_INSIDE = frozenset({("other.test", server.port)})

    with pytest.raises(CoverNotFetched):
        downloads.fetch(server.url("/cover.jpg", host="other.test"))
    assert server.hits == []


def test_machine_that_nobody_vouches_for_is_not_believed(server, settings):
    settings.COVER_SOURCES_CA = ""
    with pytest.raises(CoverNotFetched):
        downloads.fetch(server.url("/cover.jpg"))
    assert server.hits == []


def test_name_that_is_not_there_is_not_fetched():
    with pytest.raises(CoverNotFetched):
        downloads.fetch("https://no-such-shop.invalid/")


def test_no_environment_lets_a_shop_ask_its_own_network(settings):
    from bookstore.environment import Environment
    from bookstore.settings import media

    assert not media.COVER_SOURCES_INSIDE
    assert not media.COVER_SOURCES_CA
    assert [name for name in Environment.model_fields if name.startswith("COVER_SOURCES")] == []
