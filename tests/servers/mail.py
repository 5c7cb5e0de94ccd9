"""A real mail server that can be in a bad way: refuse, never answer, or take a mail and die."""

import asyncio
import email
import socket
import threading
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPT, REFUSE, HANG, HOLD, DIE = "accept", "refuse", "hang", "hold", "die"


class MailServer:
    """Listens on a port of its own until `stop`. `mood` says what it does with the next mail."""

    def __init__(self) -> None:
        self.mood = ACCEPT
        self.received: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        # Set once a mail was brought and the mood has had its way with it.
        self.visited = threading.Event()
        self._is_listening = False
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    @property
    def url(self) -> str:
        """The EMAIL_URL of this server."""
        return f"smtp://127.0.0.1:{self.port}?tls=off"

    def start(self) -> None:
        """Begin to listen."""
        self._controller.start()
        self._is_listening = True

    def stop(self) -> None:
        """Hang up on everybody; again changes nothing."""
        if self._is_listening:
            self._controller.stop()
        self._is_listening = False

    @property
    def message_ids(self) -> list[str]:
        """The Message-IDs of what was received, in order."""
        return [message["Message-ID"] for message in self.received]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Do with a mail what the mood says (called by aiosmtpd)."""
        if self.mood == REFUSE:
            return "451 Not now"
        if self.mood == HANG:
            self.visited.set()
            await asyncio.sleep(3600)
        content: Any = envelope.content
        message: Any = email.message_from_bytes(content, policy=default)
        self.received.append(message)
        self.recipients.append(list(envelope.rcpt_tos))
        self.visited.set()
        if self.mood == HOLD:  # taken, but the answer never leaves
            await asyncio.sleep(3600)
        if self.mood == DIE:
            server.transport.abort()
        return "250 OK"
