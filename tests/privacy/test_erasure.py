"""T100: what deleting an account leaves: the books, and nobody in them."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Letter, TokenPurpose
from accounts.errors import LastAdministrator, ProofTooOld, WrongPassword
from accounts.models import Address, BrowserSession, OneTimeToken, RefreshFamily, User
from accounts.services import erasure, letters, one_time_tokens, registration
from accounts.tests.factories import PASSWORD, AdminFactory, UserFactory
from catalog.models import BranchStaff, Inventory
from catalog.tests.factories import BranchFactory
from commerce.enums import OPEN_ORDERS, OrderStatus
from commerce.errors import OrderOpen
from commerce.models import Cart, CartLine, Order, OrderContact, OrderEvent, OrderLine, Payment
from commerce.services import confirmations
from commerce.tests.factories import WarehouseFactory, stocked_book
from core.errors import Invalid, NotFound, RateLimited
from core.invariants import check_all
from core.models import AuditEntry, IdempotencyRecord
from core.services import idempotency
from tests.privacy.lives import buy, delivered, live_a_life

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-12")]

PERSONAL = [
    Address,
    Authenticator,
    BranchStaff,
    BrowserSession,
    Cart,
    CartLine,
    IdempotencyRecord,
    OneTimeToken,
    OrderContact,
    RefreshFamily,
    SocialAccount,
    SocialToken,
]


@pytest.fixture
def warehouse():
    return WarehouseFactory()


@pytest.fixture
def book(warehouse):
    return stocked_book(warehouse, 50)


def delete(user, password=PASSWORD, **kwargs):
    erasure.delete_account(user=user, password=password, **{"has_fresh_proof": False} | kwargs)


def state():
    """Everything that a deletion could change."""
    return [
        list(model.objects.order_by("pk").values())
        for model in [*PERSONAL, User, Order, OrderLine, OrderEvent, Payment]
    ]


def audited(action):
    entries = AuditEntry.objects.filter(action=action)
    return list(entries.values_list("entity_type", "entity_id", "actor_id", "context"))


def test_deleted_account_leaves_its_orders_and_nothing_else(book, warehouse):
    ada = UserFactory(email="ada@example.com")
    order = delivered(live_a_life(ada, "Canary", book, warehouse))
    claim = idempotency.claim_key(
        scope=idempotency.scope_of_user(ada.pk), route="x", key="k", fingerprint="f"
    )
    idempotency.store_answer(claim, status=201, body="{}")
    books = list(OrderLine.objects.values()), list(OrderEvent.objects.values())
    stock = list(Inventory.objects.values())

    delete(ada)

    assert {model.__name__: model.objects.count() for model in PERSONAL} == {
        model.__name__: 0 for model in PERSONAL
    }
    assert User.objects.count() == 0
    kept = Order.objects.get()
    assert (kept.user_id, kept.cart_id, kept.number) == (None, None, order.number)
    assert (kept.total, kept.status) == (order.total, OrderStatus.DELIVERED)
    assert (list(OrderLine.objects.values()), list(OrderEvent.objects.values())) == books
    assert list(Inventory.objects.values()) == stock
    payment = Payment.objects.get()
    assert (payment.method_token, payment.captured_amount) == ("", order.total)
    assert audited("user.deleted") == [("user", str(ada.pk), ada.pk, {})]
    assert [v.invariant.name for v in check_all() if v.breaches] == []


def test_deletion_touches_nobody_else(book, warehouse):
    bob = UserFactory()
    live_a_life(bob, "Sparrow", book, warehouse)
    before = state()

    delete(UserFactory())

    assert state() == before


@pytest.mark.parametrize("status", OPEN_ORDERS)
def test_account_with_an_order_under_way_stays(book, warehouse, status):
    ada = UserFactory()
    order = buy(ada, book)
    Order.objects.filter(pk=order.pk).update(status=status)
    before = state()

    with pytest.raises(OrderOpen) as refusal:
        delete(ada)

    assert refusal.value.details == {"orders": [order.number]}
    assert state() == before
    assert audited("user.deleted") == []


def test_open_orders_are_all_but_those_that_ended():
    ended = {"DELIVERED", "PAYMENT_FAILED", "CANCELED", "REFUNDED"}
    assert {status.value for status in OPEN_ORDERS} == set(OrderStatus.values) - ended


def test_wrong_password_deletes_nothing_and_is_audited():
    ada = UserFactory()
    before = state()

    with pytest.raises(WrongPassword):
        delete(ada, "not the password")
    with pytest.raises(Invalid):
        delete(ada, "", has_fresh_proof=True)

    assert state() == before
    assert audited("auth.confirmation_failed") == [
        ("user", str(ada.pk), ada.pk, {"proof": "password"})
    ]


def test_passwords_are_not_guessed_at_this_door(rate_limits):
    ada = UserFactory()
    for _ in range(10):
        with pytest.raises(WrongPassword):
            delete(ada, "not the password")

    with pytest.raises(RateLimited):
        delete(ada)

    assert User.objects.get() == ada


def test_account_without_password_needs_a_fresh_proof():
    ada = UserFactory()
    ada.set_unusable_password()
    ada.save()

    with pytest.raises(ProofTooOld):
        delete(ada, "")
    assert User.objects.get() == ada

    delete(ada, "", has_fresh_proof=True)
    assert User.objects.count() == 0


def test_last_administrator_stays_and_others_may_go():
    first = AdminFactory()
    AdminFactory(is_active=False)
    with pytest.raises(LastAdministrator):
        delete(first)
    second = AdminFactory()

    delete(first)

    with pytest.raises(LastAdministrator):
        delete(second)
    assert list(User.objects.filter(is_active=True)) == [second]


def test_second_deletion_finds_nobody():
    ada = UserFactory()
    delete(ada)

    with pytest.raises(NotFound):
        delete(ada)


def test_address_is_free_again_and_inherits_nothing(book, warehouse):
    ada = UserFactory(email="ada@example.com")
    delivered(live_a_life(ada, "Canary", book, warehouse))
    one_time_tokens.issue(TokenPurpose.RESET_PASSWORD, user=None, email="ada@example.com")
    delete(ada)

    registration.register_user(
        email="ada@example.com", password="another long phrase", address="203.0.113.9"
    )

    newcomer = User.objects.get()
    assert newcomer.pk != ada.pk
    assert (newcomer.full_name, newcomer.is_verified, newcomer.last_login) == ("", False, None)
    assert Order.objects.filter(user=newcomer).count() == 0
    for model in (Address, SocialAccount, Authenticator, Cart):
        assert model.objects.count() == 0
    assert OneTimeToken.objects.filter(created_at__lt=newcomer.created_at).count() == 0


def test_mails_still_waiting_find_nobody(book, mailoutbox):
    ada = UserFactory()
    order = delivered(buy(ada, book))
    token = one_time_tokens.issue(TokenPurpose.VERIFY_EMAIL, user=ada, email=ada.email)
    delete(ada)

    confirmations.send_confirmation(order_id=str(order.pk))
    letters.send(
        letter=Letter.VERIFY_EMAIL, user_id=str(ada.pk), token_id=str(token.pk), event_id="1"
    )
    letters.send(letter=Letter.WELCOME, user_id=str(ada.pk), token_id=None, event_id="2")

    assert mailoutbox == []


def test_desk_shows_orders_of_nobody(book, desk):
    ada = UserFactory(email="ada@example.com")
    order = delivered(buy(ada, book))
    delete(ada)
    manager = desk("MANAGER")

    assert order.number in manager.get("/admin/commerce/order/").text
    page = manager.get(f"/admin/commerce/order/{order.pk}/change/")
    assert page.status_code == 200
    assert order.number in page.text
    assert manager.get("/admin/commerce/order/?q=ada@example.com").context["cl"].result_count == 0


def statements_of_deleting(user):
    with CaptureQueriesContext(connection) as captured:
        delete(user)
    return len(captured)


def test_deletion_asks_as_often_for_much_as_for_little(book, warehouse):
    little, much = UserFactory(), UserFactory()
    delivered(live_a_life(little, "Wren", book, warehouse))
    delivered(live_a_life(much, "Sparrow", book, BranchFactory()))
    for _ in range(3):
        delivered(buy(much, book))

    assert statements_of_deleting(much) == statements_of_deleting(little)
