"""Where people go after signing in."""

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST_ADDRESS = 2_000


def wanted_page(request: HttpRequest) -> str:
    """Return the `next` of a form or address if it is a page of this shop, else ""."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = len(wanted) <= LONGEST_ADDRESS and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else ""


def page_after_sign_in(request: HttpRequest) -> str:
    """Return the page that was wanted, or the home page."""
    return wanted_page(request) or resolve_url(settings.LOGIN_REDIRECT_URL)
