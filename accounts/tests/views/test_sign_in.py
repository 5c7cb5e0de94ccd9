import pytest
from django.test import Client

from accounts.models import BrowserSession as Session
from accounts.tests.factories import PASSWORD, UserFactory
from core.models import AuditEntry

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"
GOOD = {"email": "ada@example.com", "password": PASSWORD}


@pytest.fixture
def user():
    return UserFactory(email="ada@example.com", full_name="Ada")


def who(client):
    """Return the e-mail address of whoever is signed in, None for a stranger."""
    response = client.get("/account/")
    return response.context["user"].email if response.status_code == 200 else None


@pytest.mark.req("AUTH-02")
def test_login_page_lets_password_managers_and_pasting_in(client):
    response = client.get(LOGIN)
    page = response.content.decode()

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert '<input type="email" name="email" autocomplete="username webauthn"' in page
    assert '<input type="password" name="password" autocomplete="current-password"' in page
    assert "onpaste" not in page
    assert page.count("<h1>") == 1
    assert "noindex" in page


@pytest.mark.req("AUTH-02")
def test_login_starts_a_session_and_goes_home(client, user):
    response = client.post(LOGIN, GOOD | {"email": " ADA@Example.com"})

    assert (response.status_code, response["Location"]) == (303, "/")
    assert who(client) == "ada@example.com"
    assert [entry.action for entry in AuditEntry.objects.all()] == ["auth.login_succeeded"]


@pytest.mark.req("AUTH-02")
def test_login_changes_the_session_key_and_the_csrf_token(user):
    browser = Client(enforce_csrf_checks=True)
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    planted_key = session.session_key
    browser.get(LOGIN)
    token = browser.cookies["csrf"].value

    response = browser.post(LOGIN, GOOD | {"csrfmiddlewaretoken": token})

    assert response.status_code == 303
    assert browser.cookies["session"].value != planted_key
    assert browser.cookies["csrf"].value != token
    assert not Session.objects.filter(session_key=planted_key).exists()
    cookie = browser.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    thief = Client()
    thief.cookies["session"] = planted_key
    assert who(thief) is None


@pytest.mark.req("AUTH-02")
def test_login_needs_the_csrf_token(user):
    browser = Client(enforce_csrf_checks=True)

    assert browser.post(LOGIN, GOOD).status_code == 403
    assert who(browser) is None


@pytest.mark.req("AUTH-02")
def test_login_as_another_user_ends_the_first_session(client, user):
    other = UserFactory()
    client.force_login(other)
    key = client.session.session_key

    client.post(LOGIN, GOOD)

    assert who(client) == "ada@example.com"
    assert not Session.objects.filter(session_key=key).exists()


@pytest.mark.req("AUTH-02")
def test_login_shows_the_form_again_alike_whatever_is_wrong(client, user):
    UserFactory(email="off@example.com", is_active=False)

    pages = []
    for email, password in [
        ("ada@example.com", "wrong-password"),
        ("non@example.com", PASSWORD),
        ("off@example.com", PASSWORD),
    ]:
        response = Client().post(LOGIN, {"email": email, "password": password, "next": "/cart/"})
        assert response.status_code == 422
        assert response.cookies.keys() == {"csrf"}
        page = response.content.decode()
        assert f'value="{email}"' in page
        assert password not in page.replace("bookstore-demo</kbd>", "")
        assert 'name="next" value="/cart/"' in page
        assert "<title>Error: Sign in" in page
        token = response.context["csrf_token"]
        pages.append(page.replace(email, "E").replace(str(token), "T"))

    assert pages[0] == pages[1] == pages[2]


@pytest.mark.req("AUTH-02")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "no-address"}, "email"),
        ({"email": "a" * 300 + "@example.com"}, "email"),
        ({"email": "nul\x00@example.com"}, "email"),
        ({"password": ""}, "password"),
        ({"password": "x" * 129}, "password"),
        ({"password": "x" * 100_000}, "password"),
        ({"password": "nul\x00"}, "password"),
    ],
)
def test_login_points_at_the_field_that_is_wrong(client, user, change, field):
    response = client.post(LOGIN, GOOD | change)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert f'href="#id_{field}"' in response.content.decode()
    assert AuditEntry.objects.count() == 0


@pytest.mark.req("AUTH-02")
def test_login_takes_bytes_that_are_not_text_for_wrong_ones(client, user):
    response = client.generic(
        "POST",
        LOGIN,
        b"email=ada%40example.com&password=%ED%A0%80%FF&next=%FF",
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code == 422


OWN = ["/cart/", "/books/?page=2&q=a%20b", "http://testserver/checkout/", "/genres/%C3%A9/"]
FOREIGN = [
    "https://evil.test/",
    "//evil.test/",
    "///evil.test/",
    "\\\\evil.test/",
    "/\\evil.test/",
    "\t//evil.test/",
    "http:///evil.test",
    "https:evil.test",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://testserver@evil.test/",
    "http://testserver.evil.test/",
    "ftp://testserver/",
    "\x00/",
    "/" + "a" * 5_000,
    "",
]


@pytest.mark.req("AUTH-02")
@pytest.mark.parametrize("wanted", OWN)
@pytest.mark.parametrize("place", ["form", "address"])
def test_login_returns_to_pages_of_this_shop(client, user, wanted, place):
    if place == "form":
        response = client.post(LOGIN, GOOD | {"next": wanted})
    else:
        response = client.post(LOGIN, GOOD, query_params={"next": wanted})

    assert (response.status_code, response["Location"]) == (303, wanted)


@pytest.mark.req("AUTH-02")
@pytest.mark.parametrize("wanted", FOREIGN)
def test_login_goes_home_rather_than_elsewhere(client, user, wanted):
    page = client.get(LOGIN, {"next": wanted}) if "\x00" not in wanted else client.get(LOGIN)
    assert 'name="next"' not in page.content.decode()

    response = client.post(LOGIN, GOOD | {"next": wanted})

    assert (response.status_code, response["Location"]) == (303, "/")
    again = client.post(LOGIN, GOOD | {"next": wanted})
    assert again["Location"] == "/"


@pytest.mark.req("AUTH-02")
def test_login_keeps_line_breaks_out_of_the_answers_head(client, user):
    response = client.post(LOGIN, GOOD | {"next": "/cart/\r\nSet-Cookie: a=b"})

    assert response.status_code == 303
    assert response["Location"] == "/cart/%0D%0ASet-Cookie:%20a=b"


@pytest.mark.req("AUTH-02")
def test_login_page_sends_on_who_is_signed_in(client, user):
    client.force_login(user)

    assert client.get(LOGIN, {"next": "/cart/"})["Location"] == "/cart/"
    assert client.get(LOGIN, {"next": "//evil.test"})["Location"] == "/"


@pytest.mark.req("AUTH-08")
def test_login_says_when_to_try_again(client, user, rate_limits):
    for _ in range(10):
        assert client.post(LOGIN, GOOD | {"password": "wrong"}).status_code == 422

    response = client.post(LOGIN, GOOD)

    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 60
    page = response.content.decode()
    assert 'value="ada@example.com"' in page
    assert f"try again in {response['Retry-After']} seconds" in page
    assert "have a link mailed to you" in page
    assert who(client) is None


@pytest.mark.req("AUTH-08")
def test_both_doors_share_the_limits(client, api, user, rate_limits):
    for _ in range(5):
        client.post(LOGIN, GOOD | {"password": "wrong"})
        api.post("auth/login", GOOD | {"password": "wrong"})

    assert client.post(LOGIN, GOOD).status_code == 429
    assert api.post("auth/login", GOOD).status_code == 429


@pytest.mark.req("AUTH-08")
def test_login_is_503_while_attempts_cannot_be_counted(client, user, rate_limits, redis_is_down):
    response = client.post(LOGIN, GOOD)

    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert who(client) is None


@pytest.mark.req("AUTH-04")
def test_logout_ends_the_session_on_the_server(client, user):
    client.force_login(user)
    key = client.session.session_key

    response = client.post("/account/logout/")

    assert (response.status_code, response["Location"]) == (303, "/")
    assert not Session.objects.filter(session_key=key).exists()
    assert who(client) is None
    assert client.post("/account/logout/").status_code == 303


@pytest.mark.req("AUTH-04")
def test_logout_is_no_link_and_needs_the_csrf_token(user):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)

    assert browser.get("/account/logout/").status_code == 405
    assert browser.post("/account/logout/").status_code == 403
    assert who(browser) == "ada@example.com"
