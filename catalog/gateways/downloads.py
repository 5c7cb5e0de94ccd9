"""Fetching a picture from an address that somebody named, without being led astray.

Only https, only machines of the public internet, and the very machine whose address was checked:
the name is looked up once, so it cannot mean something else a moment later. A redirect is checked
like the first address. Five seconds and five megabytes, all in all.
"""

import http.client
import io
import socket
import ssl
import time
from typing import Any
from urllib.parse import urljoin

from django.conf import settings

from catalog.errors import CoverNotFetched
from catalog.gateways import addresses
from catalog.gateways.addresses import Target

MOST_SECONDS = 5.0
MOST_BYTES = 5 * 1024 * 1024
MOST_REDIRECTS = 3
_REDIRECTS = {301, 302, 303, 307, 308}
_PIECE = 64 * 1024


def fetch(url: str) -> bytes:
    """Return what lies at an https address.

    Raises `SsrfBlocked` where it leads (at once or by a redirect) anywhere but to the public
    internet, and `CoverNotFetched` for what is not there, too slow or too large. For jobs only.
    """
    ends = time.monotonic() + MOST_SECONDS
    try:
        for _hop in range(MOST_REDIRECTS + 1):
            target = addresses.target_of(url, seconds=_left(ends))
            body, elsewhere = _ask(target, ends)
            if elsewhere is None:
                return body
            url = urljoin(url, elsewhere)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise CoverNotFetched from error
    raise CoverNotFetched


class _Timed(io.RawIOBase):
    """What a socket sends until the time is up, however slowly it comes."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._sock = sock
        self._ends = ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(_left(self._ends))
        return self._sock.recv_into(buffer)


class _Line:
    """As much of a socket as http.client reads answers from."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._file = io.BufferedReader(_Timed(sock, ends))

    def makefile(self, mode: str) -> Any:
        """Return the one file that answers are read from."""
        return self._file


def _ask(target: Target, ends: float) -> tuple[bytes, str | None]:
    """Return the body, or where the answer leads to instead."""
    context = ssl.create_default_context(cafile=settings.COVER_SOURCES_CA or None)
    with socket.create_connection((target.ip, target.port), timeout=_left(ends)) as plain:
        plain.settimeout(_left(ends))
        with context.wrap_socket(plain, server_hostname=target.host) as sock:
            sock.settimeout(_left(ends))
            sock.sendall(_request(target))
            response = http.client.HTTPResponse(_Line(sock, ends))  # type: ignore[arg-type]
            response.begin()
            if response.status in _REDIRECTS:
                return b"", response.getheader("Location", "")
            return _body(response), None


def _request(target: Target) -> bytes:
    host = f"[{target.host}]" if ":" in target.host else target.host
    port = "" if target.port == addresses.HTTPS else f":{target.port}"
    return (
        f"GET {target.path} HTTP/1.1\r\nHost: {host}{port}\r\nUser-Agent: Bookstore\r\n"
        "Accept: image/webp, image/jpeg, image/png\r\nAccept-Encoding: identity\r\n"
        "Connection: close\r\n\r\n"
    ).encode("ascii")


def _body(response: http.client.HTTPResponse) -> bytes:
    packing = response.getheader("Content-Encoding", "identity").strip().lower()
    if response.status != http.client.OK or packing != "identity":
        raise CoverNotFetched
    body = bytearray()
    while piece := response.read1(_PIECE):
        body += piece
        if len(body) > MOST_BYTES:
            raise CoverNotFetched
    if response.length:  # it ended before all that was promised had come
        raise CoverNotFetched
    return bytes(body)


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
