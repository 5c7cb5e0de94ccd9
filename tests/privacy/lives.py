"""People who have left something in every table that can hold something of theirs."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.utils import timezone

from accounts.enums import TokenPurpose
from accounts.models import Address, User
from accounts.services import one_time_tokens, tokens
from accounts.sessions import SessionStore
from catalog.models import BranchStaff
from commerce.enums import OrderStatus
from commerce.models import Order
from commerce.services import carts, checkout, orders
from commerce.tests.factories import DELIVERY
from core.models import SavedView
from core.services import audit
from engagement.tests.factories import StaffPickFactory

_WAY_TO_THE_READER = [
    OrderStatus.IN_PROGRESS,
    OrderStatus.READY,
    OrderStatus.OUT_FOR_DELIVERY,
    OrderStatus.DELIVERED,
]


def browser_session_of(user, **data):
    session = SessionStore()
    session.update({"_auth_user_id": str(user.pk), "device": "Firefox on Linux", **data})
    session.create()
    return session


def buy(user, book):
    carts.add_book(user=user, book_id=book.pk, quantity=1)
    return checkout.check_out(user=user, request=DELIVERY)


def live_a_life(user, word, book, branch):
    """Leave something of `user` in every table that can hold it, recognisable by `word`."""
    place = {"line1": f"{word} Lane", "city": f"{word} Town", "postcode": word[:20]}
    Address.objects.create(
        user=user,
        recipient=f"{word} Recipient",
        line2=f"{word} Floor",
        country="IL",
        phone="+972 4 555 0199",
        delivery_preferences={"note": f"{word} bell"},
        **place,
    )
    order = buy(user, book)
    carts.add_book(user=user, book_id=book.pk, quantity=2)
    decision = {"fulfilment": "DELIVERY", "address": {"line1": f"{word} Alley"}}
    browser_session_of(user, checkout=decision)
    tokens.issue_pair(user=user, device="an Apple app on iPhone")
    one_time_tokens.issue(
        TokenPurpose.CHANGE_EMAIL, user=user, email=f"{word}.new@example.com".lower()
    )
    connected = SocialAccount.objects.create(
        user=user, provider="google", uid=f"{word}-uid", extra_data={"name": f"{word} Google"}
    )
    app, _new = SocialApp.objects.get_or_create(provider="google", name="Google")
    SocialToken.objects.create(app=app, account=connected, token=f"{word}-provider-token")
    Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": f"{word} phone", "credential": f"{word}-credential"},
    )
    BranchStaff.objects.create(user=user, branch=branch)
    pick = StaffPickFactory(book=book, bookseller=word, note=f"{word} loves it.")
    audit.record_change(
        action="staff_pick.created", entity_type="staff_pick", entity_id=pick.pk, actor_id=user.pk
    )
    SavedView.objects.create(
        owner_id=user.pk, page="catalog.book", name=f"{word} list", query=f"q={word}"
    )
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())
    return order


def delivered(order):
    """An order that was picked, sent and has arrived."""
    order = Order.objects.get(pk=order.pk)
    for status in _WAY_TO_THE_READER:
        orders.change_status(order=order, to=status, actor=None)
    return order
