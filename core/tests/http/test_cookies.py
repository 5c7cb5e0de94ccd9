"""Cookies that a view asks for before there is an answer."""

import pytest
from django.http import HttpResponse  # noqa: TID251  # this is a view
from django.test import RequestFactory

from core.http import cookies
from core.http.middleware import LateCookiesMiddleware

pytestmark = pytest.mark.req("AUTH-08")


def answer(*, asked):
    def view(request):
        if asked:
            cookies.set_later(request, cookies.name_of("device"), "proof", max_age=60)
        return HttpResponse("answer")

    return LateCookiesMiddleware(view)(RequestFactory().get("/"))


@pytest.mark.parametrize(("https", "name"), [(True, "__Host-device"), (False, "device")])
def test_cookie_is_set_out_of_reach_of_scripts(settings, https, name):
    settings.SESSION_COOKIE_SECURE = https

    cookie = answer(asked=True).cookies[name]

    assert cookie.value == "proof"
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert (cookie["max-age"], cookie["domain"]) == (60, "")
    assert bool(cookie["secure"]) == https


def test_nothing_is_set_unasked():
    assert answer(asked=False).cookies == {}
