"""Confirming an address in the browser."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.enums import TokenPurpose
from accounts.errors import LinkInvalid
from accounts.services import one_time_tokens
from accounts.services import verification as service
from accounts.views import mailed_links
from accounts.views.admission import stay_signed_in
from accounts.views.greeting import greet_next
from core.http.pages import see_other

_ASK = "accounts/verification.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verification(request: HttpRequest) -> HttpResponse:
    """Ask for another link."""
    return mailed_links.ask_for_address(request, _ASK, service.ask_for_link)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a button, which confirms: programs that look through mails follow links, too.

    The browser that does it stays signed in if it was the user's; every other is signed out.
    """
    reader_id = request.user.pk
    try:
        if request.method != "POST":
            token = one_time_tokens.look_at(secret, TokenPurpose.VERIFY_EMAIL)
            return render(request, "accounts/verify_link.html", {"email": token.email})
        user = service.verify_email(secret=secret)
    except LinkInvalid as error:
        return mailed_links.link_over(request, _ASK, error)
    messages.success(request, _("Thank you: your address is confirmed."))
    if reader_id == user.pk:
        stay_signed_in(request, user)
    if reader_id:
        return see_other(reverse("accounts:account"))
    greet_next(request, user.email)
    return see_other(reverse("accounts:login"))
