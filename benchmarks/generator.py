"""The load generator: keep-alive clients on raw sockets in one process and one thread.

    python -m benchmarks.generator < plan.json > result.json

Knows nothing of Django and builds nothing while it measures, so that it takes as little of the
shared cores as Python can. Each client repeats its steps for ever, one request at a time, and
makes a new connection now and then, because a gthread worker keeps the connections it accepted:
sixteen that are never renewed may all end at the same worker.
"""

import json
import selectors
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

REQUESTS_PER_CONNECTION = 40
GIVE_UP_AFTER = 20.0  # seconds past the end for the last answers


@dataclass
class Client:
    """One keep-alive connection and the steps it repeats: (label, request) pairs."""

    port: int
    steps: list[tuple[str, bytes]]
    position: int = 0
    sent: int = 0
    started: float = 0.0
    received: bytearray = field(default_factory=bytearray)
    expected: int = -1  # bytes of the whole answer, once its head has told
    connection: socket.socket | None = None


@dataclass
class Results:
    """What was measured, by label: seconds of each request, and how many ended how."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    answers: int = 0  # warm-up included
    samples: dict[str, str] = field(default_factory=dict)


class Generator:
    """Drives all clients of a plan; `run` returns when its time is over."""

    def __init__(self, port: int, scripts: list[list[tuple[str, bytes]]]) -> None:
        self.selector = selectors.DefaultSelector()
        self.clients = [Client(port, steps) for steps in scripts]
        self.results = Results()

    def run(self, warm_up: float, seconds: float) -> float:
        """Load for `warm_up` + `seconds`, count the latter; return the seconds counted."""
        for client in self.clients:
            self._send(client)
        self.starts_counting = time.perf_counter() + warm_up
        self.ends = self.starts_counting + seconds
        while (now := time.perf_counter()) < self.ends:
            for key, _events in self.selector.select(min(0.5, self.ends - now)):
                self._receive(key.data)
        self._drain()
        return seconds

    def run_once(self) -> None:
        """Send every client's first step, all connected beforehand, and wait for all answers."""
        self.starts_counting, self.ends = 0.0, float("inf")
        for client in self.clients:
            self._connect(client)
        for client in self.clients:
            client.position = 0
            self._send(client)
        self._drain()

    def _drain(self) -> None:
        """Wait for the answers that are still due, so that nothing works on behind our back."""
        deadline = time.perf_counter() + GIVE_UP_AFTER
        while self.selector.get_map() and time.perf_counter() < deadline:
            for key, _events in self.selector.select(1.0):
                self._receive(key.data, again=False)

    def _connect(self, client: Client) -> None:
        client.connection = socket.create_connection(("127.0.0.1", client.port), timeout=30)
        client.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.selector.register(client.connection, selectors.EVENT_READ, client)
        client.sent = 0

    def _close(self, client: Client) -> None:
        if client.connection is not None:
            self.selector.unregister(client.connection)
            client.connection.close()
            client.connection = None

    def _send(self, client: Client) -> None:
        if client.connection is not None and client.sent >= REQUESTS_PER_CONNECTION:
            self._close(client)
        client.received.clear()
        client.expected = -1
        client.started = time.perf_counter()
        if client.connection is None:
            self._connect(client)
        assert client.connection is not None
        client.connection.sendall(client.steps[client.position][1])
        client.sent += 1

    def _receive(self, client: Client, *, again: bool = True) -> None:
        assert client.connection is not None
        try:
            data = client.connection.recv(262_144)
        except ConnectionError:
            data = b""
        if not data:
            self._record(client, "connection closed")
            self._close(client)
        else:
            client.received += data
            if client.expected < 0:
                client.expected = _length_of(client.received)
            if client.expected < 0 or len(client.received) < client.expected:
                return
            self._record(client, client.received[9:12].decode())
            if not again:
                self._close(client)
        if again:
            client.position = (client.position + 1) % len(client.steps)
            self._send(client)

    def _record(self, client: Client, status: str) -> None:
        now = time.perf_counter()
        self.results.answers += 1
        if not self.starts_counting <= now <= self.ends:
            return
        label = client.steps[client.position][0]
        self.results.seconds.setdefault(label, []).append(now - client.started)
        self.results.statuses[f"{label} {status}"] += 1
        if not status.startswith("2") and label not in self.results.samples:
            self.results.samples[label] = client.received[:2_000].decode(errors="replace")


def _length_of(received: bytearray) -> int:
    """Return the bytes of the whole answer, -1 while its head is not complete."""
    head_ends = received.find(b"\r\n\r\n")
    if head_ends < 0:
        return -1
    head = bytes(received[:head_ends]).lower()
    if head[9:12] == b"204":
        return head_ends + 4
    begins = head.find(b"content-length:")
    if begins < 0:
        raise RuntimeError(f"An answer without Content-Length: {head!r}")
    line_ends = head.find(b"\r\n", begins)
    length = head[begins + 15 : line_ends if line_ends > 0 else None]
    return head_ends + 4 + int(length)


def main() -> None:
    """Read a plan from standard input, carry it out, write what was measured."""
    plan: dict[str, Any] = json.load(sys.stdin)
    scripts = [
        [(label, request.encode("latin-1")) for label, request in script]
        for script in plan["scripts"]
    ]
    generator = Generator(plan["port"], scripts)
    if plan.get("once"):
        generator.run_once()
        seconds = 0.0
    else:
        seconds = generator.run(plan["warm_up"], plan["seconds"])
    json.dump(
        {
            "seconds": seconds,
            "times": generator.results.seconds,
            "statuses": generator.results.statuses,
            "answers": generator.results.answers,
            "samples": generator.results.samples,
            "cpu": time.process_time(),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
