"""Signing in by a mailed link in the browser."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.enums import TokenPurpose
from accounts.errors import LinkInvalid, SecondFactorRequired
from accounts.services import one_time_tokens
from accounts.services import sign_in_links as service
from accounts.views import mailed_links
from accounts.views.admission import start_session, to_second_factor
from accounts.views.destinations import page_after_sign_in
from core.http.pages import see_other

_ASK = "accounts/sign_in_link.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """Ask for a link that signs in."""
    return mailed_links.ask_for_address(request, _ASK, service.ask_for_link)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a button, which signs in: programs that look through mails follow links, too."""
    try:
        if request.method != "POST":
            token = one_time_tokens.look_at(secret, TokenPurpose.SIGN_IN_LINK)
            return render(request, "accounts/sign_in_by_link.html", {"email": token.email})
        user = service.sign_in_by(secret=secret)
    except LinkInvalid as error:
        return mailed_links.link_over(request, _ASK, error)
    except SecondFactorRequired as error:
        return to_second_factor(request, error)
    start_session(request, user)
    return see_other(page_after_sign_in(request))
