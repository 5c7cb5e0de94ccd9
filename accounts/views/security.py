"""The security page, and the authenticator app that is set up from there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.second_factor import CodeForm
from accounts.selectors import second_factor as selector
from accounts.selectors import users
from accounts.services import second_factor as service
from accounts.views.admission import (
    confirmed_address_required,
    fresh_proof_required,
)
from accounts.views.recovery_codes import after_adding
from accounts.views.refusals import show_form
from core.errors import DomainError
from core.http.pages import see_other

# Session key: the secret, sealed, that waits for its first code.
_BEGUN = "authenticator_app_begun"
_APP_PAGE = "accounts/authenticator_app.html"


@never_cache
@login_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Show what protects the account, with the way to each part of it."""
    user = users.signed_in(request.user)
    return render(request, "accounts/security.html", {"factors": selector.overview(user)})


@never_cache
@fresh_proof_required
@confirmed_address_required
@require_http_methods(["GET", "HEAD", "POST"])
def app(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: the picture to scan, then the code that the app shows."""
    user = users.signed_in(request.user)
    if selector.overview(user).app:
        return see_other(reverse("accounts:security"))
    begun = service.begin_app(user=user, sealed=request.session.get(_BEGUN, ""))
    request.session[_BEGUN] = begun.sealed
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return show_form(request, _APP_PAGE, form, picture=begun.picture)
    try:
        changed = service.confirm_app(user_id=user.pk, sealed=begun.sealed, **form.cleaned_data)
    except DomainError as error:
        return show_form(request, _APP_PAGE, form, error, picture=begun.picture)
    del request.session[_BEGUN]
    sentence = _("The authenticator app is added.")
    return after_adding(request, before=user, changed=changed, sentence=sentence)


@never_cache
@fresh_proof_required
@require_http_methods(["GET", "HEAD", "POST"])
def app_removal(request: HttpRequest) -> HttpResponse:
    """Ask, then remove the authenticator app, or say on the security page why it stays."""
    if request.method != "POST":
        return render(request, "accounts/factor_removal.html", {"passkey": None})
    try:
        service.remove_app(user_id=users.signed_in(request.user).pk)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The authenticator app is removed."))
    return see_other(reverse("accounts:security"))
