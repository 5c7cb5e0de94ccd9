"""What follows from commerce's own signals. Receivers only write rows and enqueue jobs."""

import uuid
from typing import Any

from commerce import signals
from core import jobs


def connect() -> None:
    """Attach the receivers (called once, when the app is ready)."""
    signals.order_confirmed.connect(_mail_confirmation, dispatch_uid="commerce.mail_confirmation")


def _mail_confirmation(*, order_id: uuid.UUID, **kwargs: Any) -> None:
    jobs.enqueue("commerce.send_order_confirmation", order_id=str(order_id))
