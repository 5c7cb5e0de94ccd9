"""Telling the buyer that an order is certain."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from commerce.models import OrderContact
from commerce.selectors import orders as order_selectors


def send_confirmation(*, order_id: str) -> None:
    """Mail the order to its buyer; nothing is sent once the contact was erased."""
    contact = OrderContact.objects.filter(order_id=order_id).first()
    if contact is None:
        return
    order = order_selectors.order_by_id(order_id)
    context = {"order": order, "contact": contact, "store_name": settings.STORE_NAME}
    subject = render_to_string("emails/order_confirmed.subject.txt", context).strip()
    body = render_to_string("emails/order_confirmed.txt", context)
    EmailMessage(subject=subject, body=body, to=[contact.email]).send()
