"""Telling the buyer that an order is certain."""

from django.conf import settings
from django.template.loader import render_to_string

from commerce.models import OrderContact
from commerce.selectors import orders as order_selectors
from core.services import mailing


def send_confirmation(*, order_id: str) -> None:
    """Mail the order to its buyer, once; nothing is sent after the contact was erased.

    Raises as `mailing.deliver_once`.
    """
    mailing.deliver_once(key=f"order_confirmed:{order_id}", compose=lambda: _compose(order_id))


def _compose(order_id: str) -> mailing.Mail | None:
    contact = OrderContact.objects.filter(order_id=order_id).first()
    if contact is None:
        return None
    order = order_selectors.order_by_id(order_id)
    context = {"order": order, "contact": contact, "store_name": settings.STORE_NAME}
    subject = render_to_string("emails/order_confirmed.subject.txt", context).strip()
    body = render_to_string("emails/order_confirmed.txt", context)
    return mailing.Mail(subject=subject, body=body, to=[contact.email])
