"""The mail that says an order is certain."""

import pytest
from django.core import mail
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from commerce.models import OrderContact
from commerce.services import checkout
from commerce.tests.factories import DELIVERY, WarehouseFactory, stocked_book, user_with_cart

pytestmark = [pytest.mark.django_db, pytest.mark.req("ENGM-05")]


@pytest.fixture
def order(db):
    book = stocked_book(WarehouseFactory(), 5, title="Café & Co", authors=["Ada Author"])
    return checkout.check_out(user=user_with_cart(book), request=DELIVERY)


def run_jobs():
    """Do what the worker does with the jobs that this test's order left."""
    for job in ProcrastinateJob.objects.filter(task_name="commerce.send_order_confirmation"):
        app.tasks[job.task_name](**job.args)


def test_job_mails_the_order_to_its_buyer(order):
    run_jobs()

    (sent,) = mail.outbox
    assert sent.to == [order.contact.email]
    assert sent.subject == f"Your order {order.number} at Folio & Leaf"
    assert "1 × Café & Co, Ada Author   ₪40.00" in sent.body
    assert "Total: ₪70.00 (of which tax ₪10.68)" in sent.body
    assert "12 Book Lane" in sent.body


def test_nothing_is_mailed_once_the_contact_is_erased(order):
    OrderContact.objects.all().delete()

    run_jobs()

    assert mail.outbox == []


def test_job_done_twice_mails_once(order):
    run_jobs()
    run_jobs()

    (sent,) = mail.outbox
    assert sent.extra_headers["Message-ID"] == f"<order_confirmed.{order.pk}@example.com>"
