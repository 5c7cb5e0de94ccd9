"""Saved addresses in the browser."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.addresses import SavedAddressForm, initial_of
from accounts.selectors import addresses as selectors
from accounts.selectors import users
from accounts.services import addresses as service
from accounts.views.refusals import show_form
from core.errors import DomainError
from core.http.pages import see_other

_FORM = "accounts/address.html"


@never_cache
@login_required
@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    """Show every address, the default first."""
    own = list(selectors.addresses_of(users.signed_in(request.user).pk))
    context = {"addresses": own, "is_full": len(own) >= service.MOST}
    return render(request, "accounts/addresses.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Save another address."""
    user = users.signed_in(request.user)
    form = SavedAddressForm(
        request.POST if request.method == "POST" else None,
        initial={"recipient": user.full_name},
        can_become_default=selectors.default_address_of(user.pk) is not None,
    )
    if not form.is_valid():
        return show_form(request, _FORM, form)
    is_default = form.cleaned_data.get("is_default", False)
    try:
        service.add_address(user_id=user.pk, address=form.postal, is_default=is_default)
    except DomainError as error:
        return show_form(request, _FORM, form, error)
    return _done(request, _("The address is saved."))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, address_id: uuid.UUID) -> HttpResponse:
    """Change an address."""
    user = users.signed_in(request.user)
    kept = selectors.address_for(user_id=user.pk, address_id=address_id)
    form = SavedAddressForm(
        request.POST if request.method == "POST" else None,
        initial=initial_of(kept.postal),
        can_become_default=not kept.is_default,
    )
    if not form.is_valid():
        return show_form(request, _FORM, form, address=kept)
    is_default = form.cleaned_data.get("is_default") or None
    service.change_address(
        user_id=user.pk, address_id=address_id, changes=form.postal.as_json(), is_default=is_default
    )
    return _done(request, _("The address is changed."))


@never_cache
@login_required
@require_POST
def default(request: HttpRequest, address_id: uuid.UUID) -> HttpResponse:
    """Send books there from now on where nothing else is said."""
    service.make_default(user_id=users.signed_in(request.user).pk, address_id=address_id)
    return _done(request, _("Your books go there by default from now on."))


@never_cache
@login_required
@require_POST
def removal(request: HttpRequest, address_id: uuid.UUID) -> HttpResponse:
    """Forget an address."""
    service.remove_address(user_id=users.signed_in(request.user).pk, address_id=address_id)
    return _done(request, _("The address is removed. Orders that went there stay as they are."))


def _done(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return see_other(reverse("accounts:addresses"))
