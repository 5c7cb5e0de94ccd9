"""Payments on the staff desk: managers read them; tokens are shown to nobody."""

import pytest

from commerce.models import Payment
from tests.staff import rows

pytestmark = [pytest.mark.django_db, pytest.mark.req("COMM-06")]
LIST = "/admin/commerce/payment/"


def test_payment_is_found_by_order_and_by_reference(manager):
    order = rows.order(number="7K2M-9QXT")
    rows.order()
    payment = order.payments.get()
    for said in ("7k2m-9qxt", payment.provider_reference):
        found = manager.get(LIST, {"q": said}).context["cl"].result_list
        assert [each.pk for each in found] == [payment.pk]


def test_payment_is_read_and_never_changed(desk):
    payment = rows.order().payments.get()
    url = f"{LIST}{payment.pk}/change/"
    client = desk("ADMIN")
    page = client.get(url).content.decode()
    assert "₪80.00" in page
    assert "tok_visa" not in page
    assert client.post(url, {"status": "REFUNDED"}).status_code == 403
    assert Payment.objects.get().status == "CAPTURED"
