"""T097, T100: a life in the shop through its real doors; after the deletion nothing knows of it.

Every table is read as text (sessions decoded), every key and value of Redis, and every log line
that the production formatter wrote. The control reads the same before the deletion and finds the
values, so that a dump that sees nothing cannot pass.
"""

import logging
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test import Client

from accounts.models import BrowserSession, User
from accounts.sessions import PROVED_AT, SessionStore
from commerce.models import Order
from commerce.tests.factories import WarehouseFactory, stocked_book
from core.redis import client as redis_client
from tests.privacy.lives import delivered

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.req("AUTH-12", "BASE-05"),
    pytest.mark.usefixtures("rate_limits"),
]

EMAIL = "quillfeather@canary.example"
OTHER_EMAIL = "quillfeather.new@canary.example"
PASSWORD = "canary sings at 4"
ADDRESS = {
    "recipient": "Canaria Quillfeather",
    "line1": "77 Canary Steps",
    "line2": "Canary Floor",
    "city": "Canaryville",
    "postcode": "CNR-77",
    "phone": "04 555 0177",
}
WORDS = ("canar", "quillfeather", "cnr-77", "555 0177", "198.51.100.77")


def found_in(text):
    return [word for word in WORDS if word in text.lower()]


def tables():
    """Yield each table's rows as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(relname) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
        )
        names = [name for (name,) in cursor.fetchall()]
        for name in names:
            cursor.execute(f"SELECT row.*::text FROM {name} AS row")
            yield name, "\n".join(text for (text,) in cursor.fetchall())
    decoded = [SessionStore().decode(each.session_data) for each in BrowserSession.objects.all()]
    yield "sessions, decoded", str(decoded)


def redis_values():
    """Yield each key of Redis with what it holds."""
    client = redis_client()
    readers = {
        b"string": client.get,
        b"hash": client.hgetall,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1, withscores=True),
    }
    for key in client.scan_iter():
        yield key.decode(), f"{key!r} {readers[client.type(key)](key)!r}"


def places_that_know():
    """Return where a canary is, and which."""
    return {name: words for name, text in (*tables(), *redis_values()) if (words := found_in(text))}


@pytest.fixture
def log_lines(caplog):
    """What the production formatter made of every record so far."""
    root = logging.getLogger()
    formatter = next(h.formatter for h in root.handlers if type(h) is logging.StreamHandler)
    with caplog.at_level(logging.INFO):
        yield lambda: [formatter.format(record) for record in caplog.records]


def register_and_sign_in(browser, api):
    person = {"email": EMAIL, "password": PASSWORD, "full_name": "Canaria Quillfeather"}
    # From a browser that never comes back: what it leaves is nobody's session.
    assert Client().post("/account/register/", person).status_code == 303
    assert browser.post("/account/register/", person).status_code == 303
    assert browser.post("/account/register/", person).status_code == 303
    for password in ("canary guesses", PASSWORD):
        browser.post("/account/login/", {"email": EMAIL, "password": password})
    assert browser.get("/account/").status_code == 200
    api.sign_in(EMAIL, PASSWORD)


def buy_by_page(browser, api, book):
    api.post("cart/items", {"book_id": book.pk, "quantity": 1})
    browser.post("/checkout/", {"fulfilment": "DELIVERY", "address": "new", **ADDRESS})
    paid = browser.post("/checkout/payment/", {"payment_method": "tok_visa"})
    assert paid.status_code == 303, paid.content
    # And once more, without going on to pay: the address stays in the session.
    api.post("cart/items", {"book_id": book.pk, "quantity": 1})
    assert (
        browser.post(
            "/checkout/", {"fulfilment": "DELIVERY", "address": "new", **ADDRESS}
        ).status_code
        == 303
    )


def buy_by_api(api, book):
    body = {"fulfilment": "DELIVERY", "address": ADDRESS, "payment_method": "tok_visa"}
    for path, key in (("checkout/confirm", "canary-1"), ("orders/checkout", "canary-2")):
        api.post("cart/items", {"book_id": book.pk, "quantity": 1})
        bought = api.post(path, body, headers={"Idempotency-Key": key})
        assert bought.status_code == 201, bought.content
    api.post("cart/items", {"book_id": book.pk, "quantity": 1})
    declined = api.post("orders/checkout", body | {"payment_method": "tok_declined"})
    assert declined.status_code == 402


def ask_for_mails(browser, api):
    stranger = Client()
    for path in ("/account/reset/", "/account/verification/", "/account/login/link/"):
        stranger.post(path, {"email": EMAIL})
    api.post("auth/password-reset", {"email": EMAIL})
    api.post("auth/resend-verification", {"email": EMAIL})
    asked = api.post("auth/change-email", {"password": PASSWORD, "email": OTHER_EMAIL})
    assert asked.status_code == 202, asked.content


def save_what_has_no_simple_door(user):
    SocialAccount.objects.create(
        user=user,
        provider="google",
        uid="canary-77",
        extra_data={"name": "Canaria", "email": EMAIL},
    )
    data = {"name": "Canary phone", "credential": {"id": "canary"}}
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


@pytest.fixture
def life(api):
    """Somebody who did whatever the shop lets them, from an address and a device of their own."""
    redis_client().flushdb()
    browser = Client(REMOTE_ADDR="198.51.100.77", HTTP_USER_AGENT="Canary/1.0 Firefox/140 Linux")
    api.client.defaults |= {"REMOTE_ADDR": "198.51.100.77", "HTTP_USER_AGENT": "canary okhttp/5"}
    book = stocked_book(WarehouseFactory(), 50)
    register_and_sign_in(browser, api)
    user = User.objects.get()
    saved = api.post("addresses", ADDRESS | {"delivery_preferences": {"note": "canary bell"}})
    assert saved.status_code == 201, saved.content
    buy_by_page(browser, api, book)
    buy_by_api(api, book)
    ask_for_mails(browser, api)
    save_what_has_no_simple_door(user)
    api.get("users/me/export")
    for order in Order.objects.filter(status="CONFIRMED"):
        delivered(order)
    return browser, user


def test_nothing_knows_somebody_who_left(life, log_lines, api):
    browser, _user = life
    known = set(places_that_know())

    response = browser.post("/account/delete/", {"password": PASSWORD})

    assert response["Location"] == "/account/goodbye/"
    assert {
        "accounts_user",
        "accounts_address",
        "accounts_onetimetoken",
        "commerce_ordercontact",
        "core_idempotencyrecord",
        "mfa_authenticator",
        "sessions, decoded",
        "socialaccount_socialaccount",
    } <= known
    assert places_that_know() == {}
    assert Order.objects.filter(status="DELIVERED").count() == 3
    assert api.get("users/me").status_code == 401
    assert [line for line in log_lines() if found_in(line)] == []
    assert len(log_lines()) >= 2


def test_ids_are_all_that_is_left(life):
    """What still bears the id of the account: rows that only grow, and jobs that find nobody."""
    browser, user = life
    session = browser.session
    session[PROVED_AT] = int(time.time())
    session.save()

    browser.delete("/api/v1/users/me", {"password": PASSWORD}, content_type="application/json")

    assert User.objects.count() == 0
    assert {name for name, text in tables() if str(user.pk) in text} == {
        "catalog_stockmovement",
        "commerce_orderevent",
        "core_auditentry",
        "procrastinate_jobs",
    }


def test_nothing_is_logged_of_a_whole_life(log_lines, request):
    request.getfixturevalue("life")

    lines = log_lines()

    assert len(lines) >= 20
    assert [line for line in lines if found_in(line)] == []
