"""Which machines an address may lead to: those of the public internet, and none of ours."""

import ipaddress
import queue
import socket
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from catalog.errors import SsrfBlocked

HTTPS = 443
_LONGEST = 2_000
# Addresses that carry another one inside them, or stand for whatever is nearest.
_CARRIERS = [
    ipaddress.ip_network(each)
    for each in (
        *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "fec0::/10"),
        *("192.88.99.0/24", "0.0.0.0/8"),
    )
]

type IP = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Target:
    """A page on a machine, looked up once: whoever connects uses `ip`, never the name again."""

    host: str
    port: int
    ip: str
    path: str


def target_of(url: str, *, seconds: float) -> Target:
    """Look an https address up, once, and return where it leads.

    Raises `SsrfBlocked` unless every machine that the name stands for is on the public internet,
    and `OSError` when the name stands for none, or not in time.
    """
    host, port, path = _parts(url)
    ips = _looked_up(host, port, seconds)
    if not ips:
        raise OSError(f"{host} has no address")
    # Only a test's settings name machines of its own.
    inside = (host, port) in settings.COVER_SOURCES_INSIDE
    if not inside and (port != HTTPS or not all(is_public(ip) for ip in ips)):
        raise SsrfBlocked
    return Target(host, port, str(ips[0]), path)


def is_public(ip: IP) -> bool:
    """Whether an address is one of the public internet, itself and not by what it carries."""
    if isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped or ip.scope_id):
        return False
    if any(ip in network for network in _CARRIERS if network.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def _parts(url: str) -> tuple[str, int, str]:
    # What browsers forgive (blanks, backslashes, line ends) is what checkers trip over.
    if len(url) > _LONGEST or not url.isascii() or any(c <= " " or c in "\\\x7f" for c in url):
        raise SsrfBlocked
    try:
        parts = urlsplit(url)
        port = parts.port or HTTPS
    except ValueError:
        raise SsrfBlocked from None
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or "%" in parts.netloc:
        raise SsrfBlocked
    path = parts.path or "/"
    return parts.hostname, port, f"{path}?{parts.query}" if parts.query else path


def _looked_up(host: str, port: int, seconds: float) -> list[IP]:
    """Ask the resolver, which knows no time limit of its own."""
    answers: queue.SimpleQueue[list[IP] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([ipaddress.ip_address(str(entry[4][0])) for entry in found])
        except (OSError, UnicodeError, ValueError) as error:
            answers.put(OSError(str(error)))

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise TimeoutError(f"looking up {host} took too long") from None
    if isinstance(answer, OSError):
        raise answer
    return answer
