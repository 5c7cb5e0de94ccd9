"""Addresses of lists ask for what their filters offer, and for nothing that nobody is shown."""

import pytest

from accounts.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-05")]


@pytest.mark.parametrize(
    "query",
    [
        "password__startswith=argon2",
        "password__regex=.",
        "token_version=0",
        "pk__in=1",
        "id__gt=0",
        "created_at__year=-1",
        "role__startswith=A",
        "orders__contact__phone__startswith=0",
    ],
)
def test_lookup_that_no_filter_offers_is_refused(manager, query):
    assert manager.get(f"/admin/accounts/user/?{query}").status_code == 400


def test_year_that_no_calendar_has_is_refused(manager):
    assert manager.get("/admin/commerce/order/?created_at__year=-1").status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "accounts/user/?role__exact=CUSTOMER",
        "accounts/user/?is_active__exact=1",
        "commerce/order/?created_at_from=2026-01-01&created_at_to=2026-01-31",
        "commerce/order/?branch__id__exact=1&status__exact=PENDING",
        "catalog/stockmovement/?inventory__branch__id__exact=1",
        "catalog/book/?language=en&withdrawn=yes",
        "core/auditentry/?entity_type=user&action=user.created&q=1",
    ],
)
def test_what_filters_offer_is_answered(manager, address):
    UserFactory()

    assert manager.get(f"/admin/{address}").status_code == 200
