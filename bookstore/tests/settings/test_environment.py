"""Settings from the environment: typed, checked, every problem in one message."""

import os
import subprocess
import sys
from decimal import Decimal

import pytest

from bookstore.environment import BASE_DIR, Environment, example_file, read_environment
from bookstore.settings.base import database_from_url, mailer_from_url

pytestmark = pytest.mark.req("BASE-03")

GOOD = {
    "DATABASE_URL": "postgresql://shop:secret@db:5432/bookstore",
    "REDIS_URL": "redis://cache:6379/0",
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz-0123456789-abcdefghijklmn",
    "JWT_SIGNING_KEY": "ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """Nothing but what the test sets: no variable of the run, no .env of a developer."""
    for name in Environment.model_fields:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(Environment.model_config, "env_file", None)

    def change(**changes):
        for name, value in changes.items():
            monkeypatch.setenv(name, value)

    return change


def refusal(capsys) -> str:
    """Return what a refused start prints."""
    with pytest.raises(SystemExit) as left:
        read_environment()
    assert left.value.code == 78
    return capsys.readouterr().err


def test_four_values_are_enough(environment):
    environment(**GOOD)
    found = read_environment()

    assert GOOD["DATABASE_URL"] == found.DATABASE_URL
    assert (found.DEBUG, found.DEMO, found.HTTPS) == (False, False, True)
    assert (Decimal(0), Decimal(30)) == (found.TAX_RATE, found.DELIVERY_FEE)


def test_no_secret_has_a_default(capsys):
    assert refusal(capsys) == (
        "The shop's settings are not right:\n"
        "  DATABASE_URL: Field required\n"
        "  REDIS_URL: Field required\n"
        "  SECRET_KEY: Field required\n"
        "  JWT_SIGNING_KEY: Field required\n"
        "See .env.example for what each one means.\n"
    )


def test_what_concerns_two_settings_is_a_plain_sentence(environment, capsys):
    environment(**GOOD, GOOGLE_CLIENT_ID="a number")

    assert refusal(capsys) == (
        "The shop's settings are not right:\n"
        "  GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET go together\n"
        "See .env.example for what each one means.\n"
    )


@pytest.mark.req("AUTH-03")
@pytest.mark.parametrize("name", ["SECRET_KEY", "JWT_SIGNING_KEY"])
def test_previous_signing_key_is_no_key_in_use(environment, capsys, name):
    environment(**GOOD, JWT_PREVIOUS_SIGNING_KEYS=f"{'o' * 32}1,{GOOD[name]}")

    assert "JWT_PREVIOUS_SIGNING_KEYS are keys that signed before" in refusal(capsys)


@pytest.mark.req("AUTH-03")
def test_previous_signing_keys_are_as_long_as_keys_must_be(environment, capsys):
    environment(**GOOD, JWT_PREVIOUS_SIGNING_KEYS="short")
    assert "at least 32 characters" in refusal(capsys)

    environment(JWT_PREVIOUS_SIGNING_KEYS=f"{'a' * 32}, {'b' * 40}")
    assert read_environment().JWT_PREVIOUS_SIGNING_KEYS == ["a" * 32, "b" * 40]


def test_every_problem_is_named_at_once(environment, capsys):
    environment(
        DATABASE_URL="sqlite:///shop.db",
        REDIS_URL="memcached://cache",
        SECRET_KEY="short",
        JWT_SIGNING_KEY="short",
        PORT="99999",
        DEBUG="perhaps",
        TAX_RATE="100",
        STORE_CURRENCY="JPY",
        STORE_TIME_ZONE="Middle-earth/Shire",
        EMAIL_URL="http://mail",
        LOG_FORMAT="xml",
        PAYMENT_PROVIDER="cash",
    )
    text = refusal(capsys)

    named = [line.strip().split(":")[0] for line in text.splitlines()[1:-1]]
    assert named == [
        "DATABASE_URL",
        "REDIS_URL",
        "SECRET_KEY",
        "JWT_SIGNING_KEY",
        "DEBUG",
        "PORT",
        "STORE_CURRENCY",
        "STORE_TIME_ZONE",
        "TAX_RATE",
        "PAYMENT_PROVIDER",
        "EMAIL_URL",
        "LOG_FORMAT",
    ]
    assert "secret@db" not in text


def test_signing_key_must_be_another(environment, capsys):
    environment(**GOOD | {"JWT_SIGNING_KEY": GOOD["SECRET_KEY"]})

    assert "JWT_SIGNING_KEY must differ from SECRET_KEY" in refusal(capsys)


@pytest.mark.parametrize("name", ["SECRET_KEY", "JWT_SIGNING_KEY"])
def test_one_letter_repeated_is_no_secret(environment, capsys, name):
    environment(**GOOD | {name: "x" * 64})

    assert f"{name} is no secret" in refusal(capsys)


def test_one_letter_repeated_is_enough_for_the_demo(environment):
    environment(**GOOD | {"SECRET_KEY": "x" * 64, "DEMO": "true"})

    assert read_environment().DEMO is True


@pytest.mark.parametrize("currency", ["ZZZ", "ils", "KWD", "EURO", ""])
def test_currency_must_have_two_decimals(environment, currency, capsys):
    environment(**GOOD | {"STORE_CURRENCY": currency})
    if currency:
        assert "STORE_CURRENCY" in refusal(capsys)
    else:
        assert read_environment().STORE_CURRENCY == "ILS"


def test_hosts_are_separated_by_commas(environment):
    environment(**GOOD | {"ALLOWED_HOSTS": " shop.example, www.shop.example ,"})

    assert read_environment().ALLOWED_HOSTS == ["shop.example", "www.shop.example"]


def test_refused_start_ends_with_78_before_django_does_anything():
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=BASE_DIR,
        env=os.environ | GOOD | {"PORT": "0", "DJANGO_SETTINGS_MODULE": "bookstore.settings"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 78
    assert done.stderr.startswith("The shop's settings are not right:\n  PORT: ")
    assert "Traceback" not in done.stderr


def test_example_file_is_up_to_date():
    assert (BASE_DIR / ".env.example").read_text() == example_file()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://shop:secret@db:5432/bookstore",
            ("bookstore", "shop", "secret", "db", "5432", {}),
        ),
        (
            "postgres://shop:p%40ss%2Fw%3A%25rd@db/bookstore",
            ("bookstore", "shop", "p@ss/w:%rd", "db", "", {}),
        ),
        (
            "postgresql://postgres@/bookstore?host=/var/run/postgresql",
            ("bookstore", "postgres", "", "/var/run/postgresql", "", {}),
        ),
        (
            "postgresql:///bookstore?host=/srv/my%20shop&port=5433",
            ("bookstore", "", "", "/srv/my shop", "5433", {}),
        ),
        (
            "postgresql://shop@[::1]:5432/bookstore?sslmode=verify-full",
            ("bookstore", "shop", "", "::1", "5432", {"sslmode": "verify-full"}),
        ),
    ],
)
def test_database_url_is_read(url, expected):
    found = database_from_url(url)
    options = {name: value for name, value in found["OPTIONS"].items() if name != "connect_timeout"}

    assert found["ENGINE"] == "django.db.backends.postgresql"
    keys = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    assert (*(found[key] for key in keys), options) == expected


def test_mails_go_to_files_or_to_a_server():
    assert mailer_from_url("")["BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    options = mailer_from_url("smtp://shop%40example.com:p%3Aw@mail.example")["OPTIONS"]
    assert (options["username"], options["password"]) == ("shop@example.com", "p:w")
    assert (options["host"], options["port"], options["use_tls"]) == ("mail.example", 587, True)
    assert mailer_from_url("smtps://mail.example:465")["OPTIONS"]["use_ssl"] is True


@pytest.mark.req("AUTH-06")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GOOGLE_CLIENT_ID", "id-without-secret"),
        ("GITHUB_CLIENT_SECRET", "secret-without-id"),
        ("GOOGLE_URL", "accounts.example.com"),
        ("GITHUB_URL", "https://github.example.com/?next=x"),
        ("OAUTH_APP_REDIRECTS", "bookstore://signed-in,javascript:/alert(1)"),
        ("OAUTH_APP_REDIRECTS", "http://app.example.com/"),
        ("OAUTH_APP_REDIRECTS", "http://localhost.example.com/"),
        ("OAUTH_APP_REDIRECTS", "bookstore://signed-in#here"),
        ("OAUTH_APP_REDIRECTS", "signed-in"),
    ],
)
def test_provider_that_could_not_work_stops_the_start(environment, capsys, name, value):
    environment(**GOOD, **{name: value})

    assert name.rpartition("_")[0] in refusal(capsys)


@pytest.mark.req("AUTH-06")
def test_app_may_have_a_scheme_or_a_port_of_its_own(environment):
    environment(
        **GOOD, OAUTH_APP_REDIRECTS="bookstore://signed-in, https://a.example/x,http://127.0.0.1:9/"
    )

    assert read_environment().OAUTH_APP_REDIRECTS == [
        "bookstore://signed-in",
        "https://a.example/x",
        "http://127.0.0.1:9/",
    ]
