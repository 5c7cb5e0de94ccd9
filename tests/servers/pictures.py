"""A real https server for pictures, with a certificate of its own, in any bad mood there is."""

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "books.test"


def certificate_in(folder: Path) -> Path:
    """Write a key and a certificate that signs itself for `HOST` and 127.0.0.1; return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    names = [x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


class Door(BaseHTTPRequestHandler):
    """Answers for the `PictureServer` that it finds at `server.pictures`."""

    server: Any

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.pictures.hits.append((parts.path, self.headers["Host"]))
        self.server.pictures.headers = dict(self.headers)
        mood = getattr(self, f"_{parts.path.strip('/').partition('.')[0]}", self._missing)
        with contextlib.suppress(OSError):  # the shop hung up, as it should
            mood({name: values[0] for name, values in parse_qs(parts.query).items()})

    def _cover(self, _asked: dict[str, str]) -> None:
        self._send(self.server.pictures.picture)

    def _missing(self, _asked: dict[str, str]) -> None:
        self.send_error(404)

    def _move(self, asked: dict[str, str]) -> None:
        self.send_response(302)
        self.send_header("Location", asked["to"])
        self.end_headers()

    def _again(self, asked: dict[str, str]) -> None:
        left = int(asked["times"])
        to = f"/again?times={left - 1}" if left > 1 else "/cover.jpg"
        self._move({"to": to})

    def _packed(self, _asked: dict[str, str]) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        body = b"".join(packer.compress(bytes(1_000_000)) for _ in range(100)) + packer.flush()
        self._send(body, **{"Content-Encoding": "gzip"})

    def _endless(self, _asked: dict[str, str]) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(bytes(1_000_000))

    def _short(self, _asked: dict[str, str]) -> None:
        self._send(self.server.pictures.picture[:-100], **{"Content-Length": "9000000"})

    def _drips(self, _asked: dict[str, str]) -> None:
        self.send_response(200)
        self.end_headers()
        self._drip(b"\xff\xd8\xff")

    def _headers(self, _asked: dict[str, str]) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self._drip(b"X")

    def _drip(self, drop: bytes) -> None:
        while not self.server.pictures.is_over.wait(0.1):
            self.wfile.write(drop)

    def _send(self, body: bytes, **headers: str) -> None:
        self.send_response(200)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


class PictureServer:
    """Listens on 127.0.0.1 until `stop`; `hits` are the paths and names that were asked for."""

    def __init__(self, certificate: Path, picture: bytes = b"") -> None:
        self.picture = picture
        self.hits: list[tuple[str, str]] = []
        self.headers: dict[str, str] = {}
        self.is_over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self._server.pictures = self  # type: ignore[attr-defined]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def url(self, path: str, host: str = HOST) -> str:
        """Return the address of a path here."""
        return f"https://{host}:{self.port}{path}"

    def stop(self) -> None:
        """Hang up on everybody."""
        self.is_over.set()
        self._server.shutdown()
        self._server.server_close()


class Canary:
    """A socket inside that nobody has any business with; `stop` tells how many came."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._visitors: list[int] = []
        self._thread = threading.Thread(target=self._count, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it sits."""
        return int(self._listener.getsockname()[1])

    def _count(self) -> None:
        while True:
            line, address = self._listener.accept()
            with line:
                # Whoever stops it says so by a visit, which comes after all that came before.
                if line.recv(1, socket.MSG_PEEK) == b"\x00":
                    return
            self._visitors.append(address[1])

    def stop(self) -> int:
        """Return how many came; again changes nothing."""
        if self._thread.is_alive():
            with socket.create_connection(("127.0.0.1", self.port)) as visit:
                visit.sendall(b"\x00")
                self._thread.join()
            self._listener.close()
        return len(self._visitors)
