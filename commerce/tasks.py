"""Commerce's background jobs: each calls one service."""

from procrastinate.contrib.django import app

from commerce.services import confirmations
from core.jobs import PATIENT
from core.request_context import begin_request


@app.task(name="commerce.send_order_confirmation", retry=PATIENT)
def send_order_confirmation(*, order_id: str, request_id: str) -> None:
    """Mail the buyer that the order is certain."""
    begin_request(request_id)
    confirmations.send_confirmation(order_id=order_id)
