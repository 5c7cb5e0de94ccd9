"""T057 and T085: guessing at passwords through every door, and the owner who still gets in."""

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import RefreshFamily
from accounts.services import sign_in
from accounts.tests.factories import PASSWORD, UserFactory, count_hashes
from core.models import AuditEntry
from core.redis import client as redis_client
from tests.fixtures.api import ApiClient

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-08")]
LOGIN = "/account/login/"
ADA = "ada@example.com"
WRONG = "wrong-password"
LIMITS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


@pytest.fixture
def user(rate_limits, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    return UserFactory(email=ADA)


def by_page(email, password, address):
    return Client().post(
        LOGIN, {"email": email, "password": password}, headers={"X-Forwarded-For": address}
    )


def by_api(email, password, address):
    return ApiClient().post(
        "auth/login", {"email": email, "password": password}, headers={"X-Forwarded-For": address}
    )


def by_admin(email, password, address):
    """Ask where /admin/login/ sends everybody: the one door there is."""
    door = Client().post(
        "/admin/login/",
        {"username": email, "password": password},
        headers={"X-Forwarded-For": address},
    )
    assert door.status_code == 303
    return Client().post(
        door["Location"],
        {"email": email, "password": password},
        headers={"X-Forwarded-For": address},
    )


DOORS = pytest.mark.parametrize("ask", [by_page, by_api, by_admin])
REFUSED = {by_page: 422, by_api: 401, by_admin: 422}


def check_limited(response, *, attempts, seconds):
    assert response.status_code == 429, response.content
    assert 0 < int(response["Retry-After"]) <= seconds
    assert response["RateLimit-Limit"] == str(attempts)
    assert response["RateLimit-Remaining"] == "0"


@DOORS
def test_one_address_guesses_ten_times_a_minute(user, ask):
    for number in range(10):
        assert ask(f"reader{number}@example.com", WRONG, "198.51.100.1").status_code == REFUSED[ask]

    check_limited(ask(ADA, PASSWORD, "198.51.100.1"), attempts=10, seconds=60)
    assert ask(ADA, PASSWORD, "198.51.100.2").status_code in {200, 303}


@DOORS
def test_thousand_addresses_guess_at_one_account_ten_times_in_five_minutes(user, ask):
    answers = [ask(ADA, WRONG, f"198.51.{n // 250}.{n % 250}").status_code for n in range(60)]

    assert answers == [REFUSED[ask]] * 10 + [429] * 50
    check_limited(ask(ADA, PASSWORD, "203.0.113.5"), attempts=10, seconds=300)
    assert RefreshFamily.objects.count() == 0


@DOORS
def test_one_password_on_many_accounts_is_one_address_all_the_same(user, ask):
    users = [UserFactory() for _ in range(12)]

    answers = [ask(each.email, WRONG, "198.51.100.1").status_code for each in users]

    assert answers == [REFUSED[ask]] * 10 + [429] * 2


@DOORS
def test_networks_of_ipv6_are_one_address(user, ask):
    answers = [
        ask(f"reader{n}@example.com", WRONG, f"2001:db8:1:2::{n:x}").status_code for n in range(11)
    ]
    assert answers == [REFUSED[ask]] * 10 + [429]

    assert ask(ADA, WRONG, "2001:db8:1:3::1").status_code == REFUSED[ask]


@DOORS
def test_header_that_a_client_writes_is_not_its_address(user, ask, settings):
    """Only what the trusted proxy appended counts; without a proxy nothing of it does."""
    for number in range(10):
        ask(f"reader{number}@example.com", WRONG, f"1.1.1.{number}, 198.51.100.1")
    assert ask(ADA, WRONG, "9.9.9.9, 198.51.100.1").status_code == 429

    settings.TRUSTED_PROXY_COUNT = 0
    for number in range(10):
        ask(f"other{number}@example.com", WRONG, f"1.1.1.{number}")
    assert ask(ADA, WRONG, "9.9.9.9").status_code == 429


@DOORS
def test_success_does_not_give_new_attempts(user, ask):
    UserFactory(email="eve@example.com")
    for number in range(9):
        ask(f"reader{number}@example.com", WRONG, "198.51.100.1")
    assert ask("eve@example.com", PASSWORD, "198.51.100.1").status_code in {200, 303}

    assert ask(ADA, WRONG, "198.51.100.1").status_code == 429


@DOORS
def test_limits_are_told_alike_for_known_and_unknown(user, ask):
    """Each from an address of its own; the same number for both, before and beyond the limit."""
    told = []
    for email, network in ((ADA, 1), ("nobody@example.com", 2)):
        answers = [ask(email, WRONG, f"198.51.{network}.{n}") for n in range(12)]
        told.append(
            [(answer.status_code, *(answer.get(name) for name in LIMITS[:2])) for answer in answers]
        )

    assert told[0] == told[1]
    assert told[0][0] == (REFUSED[ask], "10", "9")
    # What strangers did at the account is nobody's business: each address sees its own count.
    assert told[0][9] == (REFUSED[ask], "10", "9")
    assert told[0][10] == (429, "10", "0")


def test_every_answer_tells_what_is_left(user):
    left = [
        int(by_api(f"reader{n}@example.com", WRONG, "198.51.100.1")["RateLimit-Remaining"])
        for n in range(11)
    ]
    success = by_api(ADA, PASSWORD, "198.51.100.2")

    assert left == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0]
    assert [success[name] for name in LIMITS[:2]] == ["10", "9"]
    assert 0 < int(success["RateLimit-Reset"]) <= 60
    assert "RateLimit-Limit" not in Client().get(LOGIN)


def known_browser():
    browser = Client()
    response = browser.post(
        LOGIN, {"email": ADA, "password": PASSWORD}, headers={"X-Forwarded-For": "203.0.113.1"}
    )
    assert response.status_code == 303
    browser.post("/account/logout/")
    return browser


def in_known(browser, password, address="203.0.113.1", email=ADA):
    return browser.post(
        LOGIN, {"email": email, "password": password}, headers={"X-Forwarded-For": address}
    )


def test_browser_that_signed_in_before_carries_a_proof_no_script_can_read(user, settings):
    settings.SESSION_COOKIE_SECURE = True
    browser = Client()

    assert browser.post(LOGIN, {"email": ADA, "password": WRONG}).cookies.keys() == {"csrf"}
    cookie = browser.post(LOGIN, {"email": ADA, "password": PASSWORD}).cookies["__Host-device"]

    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    for personal in ("ada@", "example", str(user.pk)):
        assert personal not in cookie.value


def test_owner_gets_in_while_strangers_are_locked_out(user):
    browser = known_browser()
    for number in range(40):
        by_page(ADA, WRONG, f"198.51.100.{number}")
    assert by_page(ADA, PASSWORD, "198.51.100.200").status_code == 429

    # From the guessers' own address too, whose attempts are used up.
    for _ in range(10):
        by_page("x@example.com", WRONG, "198.51.100.201")
    assert in_known(browser, PASSWORD, "198.51.100.201").status_code == 303


def test_stolen_proof_buys_ten_attempts_at_its_own_account(user):
    UserFactory(email="eve@example.com")
    thief = known_browser()
    assert [in_known(thief, WRONG, f"198.51.100.{n}").status_code for n in range(11)] == (
        [422] * 10 + [429]
    )

    # At another account it is a stranger's browser: counted by address and account.
    for number in range(10):
        by_page("eve@example.com", WRONG, f"198.51.100.{number}")
    assert in_known(thief, PASSWORD, "203.0.113.9", "eve@example.com").status_code == 429
    # And strangers' attempts are still strangers' own.
    assert by_page(ADA, PASSWORD, "203.0.113.77").status_code == 303


def test_lock_out_is_audited_once_a_window_and_the_owner_is_written_to_once_an_hour(user):
    def lock_out():
        for number in range(13):
            by_api(ADA, WRONG, f"198.51.100.{number}")

    lock_out()
    assert [(e.entity_id, e.actor_id, e.context) for e in lock_outs()] == [
        (str(user.pk), None, {"device": "strangers"})
    ]
    assert letters() == [("sign_in_blocked", str(user.pk))]

    for key in redis_client().scan_iter("limit:login*"):  # as if five minutes had passed
        redis_client().delete(key)
    lock_out()
    assert len(lock_outs()) == 2
    assert letters() == [("sign_in_blocked", str(user.pk))]


@pytest.mark.parametrize(("mails", "letter"), [(1, ["sign_in_blocked"]), (2, [])])
def test_letter_about_guesses_counts_among_the_mails_strangers_cause(user, mails, letter):
    for _ in range(mails):
        ApiClient().post("auth/password-reset", {"email": ADA})
    for number in range(11):
        by_api(ADA, WRONG, f"198.51.100.{number}")

    assert [name for name, _ in letters() if name != "reset_password"] == letter
    assert len(lock_outs()) == 1


def test_lock_out_of_an_unknown_address_costs_the_same_and_tells_nobody(user):
    for number in range(13):
        by_api("nobody@example.com", WRONG, f"198.51.100.{number}")

    assert [(e.entity_id, e.context) for e in lock_outs()] == [("unknown", {"device": "strangers"})]
    assert letters() == [("sign_in_blocked", None)]


@pytest.mark.parametrize("email", [ADA, "nobody@example.com"])
def test_lock_out_runs_the_same_statements(user, email, django_assert_num_queries):
    for number in range(10):
        by_api(email, WRONG, f"198.51.100.{number}")

    with django_assert_num_queries(5):  # the user; savepoint, audit, job, release
        by_api(email, WRONG, "198.51.100.11")
    with django_assert_num_queries(0):
        by_api(email, WRONG, "198.51.100.12")


def lock_outs():
    return list(AuditEntry.objects.filter(action="auth.locked_out").order_by("id"))


def letters():
    jobs = ProcrastinateJob.objects.filter(task_name="accounts.send_letter").order_by("id")
    return [(job.args["letter"], job.args["user_id"]) for job in jobs]


def test_crowd_of_addresses_and_accounts_meets_the_ceiling(user, settings, monkeypatch):
    settings.PASSWORD_CHECKS_PER_MINUTE = 20
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    browser = Client()
    browser.cookies["device"] = sign_in.known_devices.with_proof_for("", email=ADA)
    hashed = count_hashes(monkeypatch)

    answers = [by_api(f"r{n}@example.com", WRONG, f"198.51.100.{n}") for n in range(40)]

    assert [answer.status_code for answer in answers] == [401] * 20 + [429] * 20
    check_limited(answers[-1], attempts=20, seconds=60)
    assert len(hashed) == 20
    # Registering hashes too, so it is held back as well; a known browser has a share of its own.
    new = {"email": "new@example.com", "password": "a long enough phrase"}
    registered = ApiClient().post("auth/register", new)
    assert registered.status_code == 429
    assert len(hashed) == 20
    assert in_known(browser, WRONG).status_code == 422
    assert len(hashed) == 21


@DOORS
def test_doors_are_closed_while_nothing_can_be_counted(user, ask, redis_is_down):
    """Redis at an address where nobody listens: 503 here, while books are still shown."""
    answer = ask(ADA, PASSWORD, "198.51.100.1")

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert RefreshFamily.objects.count() == 0
    assert Client().get("/").status_code == 200
    assert Client().get("/books/").status_code == 200
    assert ApiClient().get("books").status_code == 200
