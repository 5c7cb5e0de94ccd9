"""Confirming an address in the browser."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.enums import TokenPurpose
from accounts.errors import LinkInvalid
from accounts.forms.second_factor import ConfirmForm
from accounts.models import User
from accounts.services import one_time_tokens, passwords
from accounts.services import verification as service
from accounts.views import mailed_links
from accounts.views.admission import stay_signed_in
from accounts.views.greeting import greet_next
from accounts.views.refusals import show_form
from core.errors import DomainError
from core.http.pages import see_other

_ASK = "accounts/verification.html"
_CONFIRM = "accounts/verify_link.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verification(request: HttpRequest) -> HttpResponse:
    """Ask for another link."""
    return mailed_links.ask_for_address(request, _ASK, service.ask_for_link)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def verify_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a button, which confirms: programs that look through mails follow links, too.

    A browser that is not signed in as the user is asked for the password. One that is stays so;
    every other is signed out.
    """
    reader_id = request.user.pk
    try:
        token = one_time_tokens.look_at(secret, TokenPurpose.VERIFY_EMAIL)
        form = _form(request, is_theirs=token.user_id == reader_id)
        if not form.is_valid():
            return show_form(request, _CONFIRM, form, email=token.email)
        user = _confirmed(secret, form)
    except LinkInvalid as error:
        return mailed_links.link_over(request, _ASK, error)
    except DomainError as error:
        return show_form(request, _CONFIRM, form, error, email=token.email)
    return _on_from_here(request, user, reader_id)


def _form(request: HttpRequest, *, is_theirs: bool) -> forms.Form:
    said = request.POST if request.method == "POST" else None
    return forms.Form(said) if is_theirs else ConfirmForm(said)


def _confirmed(secret: str, form: forms.Form) -> User:
    if "password" in form.cleaned_data:
        return passwords.confirm_address(secret=secret, password=form.cleaned_data["password"])
    return service.verify_email(secret=secret)


def _on_from_here(request: HttpRequest, user: User, reader_id: uuid.UUID | None) -> HttpResponse:
    messages.success(request, _("Thank you: your address is confirmed."))
    if reader_id == user.pk:
        stay_signed_in(request, user)
    if reader_id:
        return see_other(reverse("accounts:account"))
    greet_next(request, user.email)
    return see_other(reverse("accounts:login"))
