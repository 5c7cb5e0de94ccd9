"""Changing a password, and choosing one anew, in the browser."""

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import TokenPurpose
from accounts.errors import LinkInvalid
from accounts.forms.passwords import ChangePasswordForm, NewPasswordForm
from accounts.models import User
from accounts.selectors import users
from accounts.services import one_time_tokens
from accounts.services import passwords as service
from accounts.views import mailed_links
from accounts.views.admission import stay_signed_in
from accounts.views.greeting import greet_next
from accounts.views.refusals import show_form
from core.errors import DomainError
from core.http import client
from core.http.pages import see_other

_ASK = "accounts/reset.html"
_CHOOSE = "accounts/reset_password.html"
_CHANGE = "accounts/change_password.html"
# Session key: the secret waits here, not in an address that histories and referrers keep.
_SECRET = "password_reset"  # noqa: S105  # a key's name


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link to choose a new password."""
    return mailed_links.ask_for_address(request, _ASK, service.ask_for_reset)


@never_cache
@require_safe
def reset_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the secret of a mailed link out of the address and go on to the form."""
    try:
        one_time_tokens.look_at(secret, TokenPurpose.RESET_PASSWORD)
    except LinkInvalid as error:
        return mailed_links.link_over(request, _ASK, error)
    request.session[_SECRET] = secret
    return redirect("accounts:reset-password")


@never_cache
@sensitive_post_parameters("new_password")
@require_http_methods(["GET", "HEAD", "POST"])
def reset_password(request: HttpRequest) -> HttpResponse:
    """Choose the new password, then sign in with it."""
    reader_id = request.user.pk
    secret = request.session.get(_SECRET, "")
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    try:
        one_time_tokens.look_at(secret, TokenPurpose.RESET_PASSWORD)
        if not form.is_valid():
            return show_form(request, _CHOOSE, form)
        user = service.reset_password(
            secret=secret, **form.cleaned_data, address=client.address_of(request)
        )
    except LinkInvalid as error:
        return mailed_links.link_over(request, _ASK, error)
    except DomainError as error:
        return show_form(request, _CHOOSE, form, error)
    if reader_id == user.pk:
        auth.logout(request)  # its session ended with all others of the user
    return _to_sign_in(request, user)


def _to_sign_in(request: HttpRequest, user: User) -> HttpResponse:
    request.session.pop(_SECRET, None)
    greet_next(request, user.email)
    messages.success(request, _("Your new password is stored. Sign in with it to go on."))
    return see_other(reverse("accounts:login"))


@never_cache
@login_required
@sensitive_post_parameters("current_password", "new_password")
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Change the password; this browser stays signed in, every other is signed out."""
    user = users.signed_in(request.user)
    form = ChangePasswordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return show_form(request, _CHANGE, form)
    try:
        changed = service.change_password(user=user, **form.cleaned_data)
    except DomainError as error:
        return show_form(request, _CHANGE, form, error)
    stay_signed_in(request, changed)
    messages.success(
        request, _("Your password is changed. You are signed out everywhere but here.")
    )
    return see_other(reverse("accounts:account"))
