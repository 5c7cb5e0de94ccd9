"""Settings as production has them pass Django's own deployment checks."""

import json
import os
import subprocess
import sys

import pytest

from bookstore.environment import BASE_DIR
from bookstore.tests.settings.test_environment import GOOD


def in_production(*arguments: str) -> str:
    """Run a management command with settings as production has them; return what it printed."""
    production = GOOD | {
        "DJANGO_SETTINGS_MODULE": "bookstore.settings",
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": os.environ["REDIS_URL"],
        "ALLOWED_HOSTS": "shop.example",
        "DEBUG": "false",
        "DEMO": "false",
        "HTTPS": "true",
        "EMAIL_URL": "smtp://mail.example:587",
    }
    # The browser's tests need it, in this process alone.
    inherited = {k: v for k, v in os.environ.items() if k != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *arguments],
        cwd=BASE_DIR,
        env=inherited | production,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.req("BASE-03")
def test_deployment_checks_find_nothing():
    printed = in_production("check", "--deploy", "--fail-level=WARNING")

    assert printed == "System check identified no issues (0 silenced).\n"


COOKIES = """
import json
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from core.http import cookies
names = ("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
         "SESSION_COOKIE_SAMESITE", "SESSION_COOKIE_AGE", "SESSION_COOKIE_PATH",
         "SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE",
         "CSRF_COOKIE_SAMESITE", "CSRF_COOKIE_PATH", "CSRF_COOKIE_DOMAIN")
request, response = RequestFactory().get("/"), HttpResponse()
cookies.set_later(request, cookies.name_of("device"), "x", max_age=60)
cookies.set_waiting(request, response)
print("FOUND" + json.dumps([{name: getattr(settings, name) for name in names},
                            response.cookies.output()]))
"""


@pytest.mark.req("AUTH-02")
def test_cookies_of_production_are_tied_to_the_host_and_https():
    """T058: `__Host-` is only believed with Secure, Path=/ and without a Domain."""
    printed = in_production("shell", "-v0", "-c", COOKIES)
    found, device = json.loads(printed.partition("FOUND")[2])

    assert found == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_AGE": 14 * 86_400,
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_DOMAIN": None,
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_PATH": "/",
        "CSRF_COOKIE_DOMAIN": None,
    }
    assert device.startswith("Set-Cookie: __Host-device=x; ")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in device
    assert "Domain" not in device
