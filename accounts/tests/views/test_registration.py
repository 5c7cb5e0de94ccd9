import pytest
from django.test import Client

from accounts.models import User
from accounts.services import registration
from accounts.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
REGISTER = "/account/register/"
GOOD = {"email": "Ada@Example.com", "password": "a long enough phrase", "full_name": ""}


@pytest.mark.req("AUTH-01")
def test_register_page_lets_password_managers_in(client):
    response = client.get(REGISTER, {"next": "/cart/"})
    page = response.content.decode()

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert 'name="email" autocomplete="email"' in page
    assert 'name="password" autocomplete="new-password"' in page
    assert 'name="full_name" autocomplete="name"' in page
    assert 'name="next" value="/cart/"' in page
    assert "/account/login/?next=%2Fcart%2F" in page


@pytest.mark.req("AUTH-01")
def test_a_stranger_registers_signs_in_and_is_where_they_were(client):
    response = client.post(REGISTER, GOOD | {"next": "/checkout/?a=1&b=2"})
    assert response.status_code == 303
    assert response["Location"] == "/account/login/?next=%2Fcheckout%2F%3Fa%3D1%26b%3D2"
    assert "ada@" not in str(response.cookies)

    page = client.get(response["Location"])
    assert 'value="ada@example.com"' in page.content.decode()
    assert page.content.decode().count("Your account is ready") == 1

    body = {"email": "ada@example.com", "password": GOOD["password"], "next": page.context["next"]}
    response = client.post("/account/login/", body)
    assert (response.status_code, response["Location"]) == (303, "/checkout/?a=1&b=2")
    assert client.get("/account/").context["user"] == User.objects.get()


@pytest.mark.req("AUTH-01")
@pytest.mark.parametrize("password", [GOOD["password"], PASSWORD])
def test_register_looks_the_same_for_a_known_address(password):
    """Even with the right password of the known account: nothing but signing in tells."""
    UserFactory(email="known@example.com")
    before = list(User.objects.values())

    known = walk("known@example.com", password)
    assert list(User.objects.values()) == before
    fresh = walk("fresh@example.com", password)

    assert known == fresh


def walk(email, password):
    """Return what a stranger sees of a registration, without the address and the CSRF token."""
    browser = Client()
    first = browser.post(REGISTER, {"email": email, "password": password, "next": "/cart/"})
    second = browser.get(first["Location"])
    page = second.content.decode().replace(email, "E")
    page = page.replace(str(second.context["csrf_token"]), "T")
    seen = []
    for answer in (first, second):
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name not in {"X-Request-Id", "Expires"}
        }
        seen.append((answer.status_code, headers, sorted(answer.cookies)))
    return seen, page


@pytest.mark.req("AUTH-01")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "no-address"}, "email"),
        ({"email": "a" * 300 + "@example.com"}, "email"),
        ({"email": "nul\x00@example.com"}, "email"),
        ({"email": "\u212aelvin@example.com"}, "email"),
        ({"email": "ada@example.com\r\nBcc: all@example.com"}, "email"),
        ({"password": ""}, "password"),
        ({"password": "short"}, "password"),
        ({"password": "ada@example.com"}, "password"),
        ({"password": "password123"}, "password"),
        ({"password": "x" * 129}, "password"),
        ({"password": "nul\x00 nul nul nul"}, "password"),
        ({"full_name": "n" * 151}, "full_name"),
        ({"full_name": "nul\x00"}, "full_name"),
        ({"full_name": "bell\x07"}, "full_name"),
    ],
)
def test_register_shows_the_form_again_and_stores_nothing(client, change, field):
    response = client.post(REGISTER, GOOD | {"full_name": "Ada", "next": "/cart/"} | change)
    page = response.content.decode()

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert f'href="#id_{field}"' in page
    assert "<title>Error: Create an account" in page
    assert 'name="next" value="/cart/"' in page
    assert GOOD["password"] not in page
    if field != "full_name":
        assert 'value="Ada"' in page
    assert User.objects.count() == 0


@pytest.mark.req("AUTH-01")
@pytest.mark.parametrize("wanted", ["https://evil.test/", "//evil.test", "javascript:alert(1)"])
def test_register_forgets_pages_elsewhere(client, wanted):
    response = client.post(REGISTER, GOOD | {"next": wanted})

    assert (response.status_code, response["Location"]) == (303, "/account/login/")


@pytest.mark.req("AUTH-01")
def test_register_sends_on_who_is_signed_in(client):
    client.force_login(UserFactory())

    assert client.get(REGISTER)["Location"] == "/"
    assert client.post(REGISTER, GOOD)["Location"] == "/"
    assert User.objects.count() == 1


@pytest.mark.req("AUTH-01")
def test_register_needs_the_csrf_token():
    assert Client(enforce_csrf_checks=True).post(REGISTER, GOOD).status_code == 403
    assert User.objects.count() == 0


@pytest.mark.req("AUTH-08")
def test_register_says_when_to_try_again(client, rate_limits):
    for number in range(registration.REGISTRATIONS.attempts):
        client.post(REGISTER, GOOD | {"email": f"reader{number}@example.com"})

    response = client.post(REGISTER, GOOD)

    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    assert 'value="Ada@Example.com"' in response.content.decode()
    assert not User.objects.filter(email="ada@example.com").exists()


@pytest.mark.req("AUTH-08")
def test_register_is_503_while_attempts_cannot_be_counted(client, rate_limits, redis_is_down):
    response = client.post(REGISTER, GOOD)

    assert response.status_code == 503
    assert User.objects.count() == 0
