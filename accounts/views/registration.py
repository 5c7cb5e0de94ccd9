"""The browser's way to an account."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms.registration import RegistrationForm
from accounts.services import registration
from accounts.views.destinations import page_after_sign_in, wanted_page
from accounts.views.greeting import greet_next
from accounts.views.refusals import show_form
from core.errors import DomainError
from core.http import client
from core.http.pages import see_other, with_next

_TEMPLATE = "accounts/register.html"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Make an account, then ask for the password once.

    Nobody is signed in here: an address that is known must look like a new one, and only the
    sign-in page may tell them apart, by the password.
    """
    if request.user.is_authenticated:
        return see_other(page_after_sign_in(request))
    form = RegistrationForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return show_form(request, _TEMPLATE, form)
    try:
        user = registration.register_user(**form.cleaned_data, address=client.address_of(request))
    except DomainError as error:
        return show_form(request, _TEMPLATE, form, error)
    return _to_sign_in(request, user.email)


def _to_sign_in(request: HttpRequest, email: str) -> HttpResponse:
    greet_next(request, email)
    messages.success(request, _welcome())
    return see_other(with_next(reverse("accounts:login"), wanted_page(request)))


def _welcome() -> str:
    if settings.SIGN_IN_NEEDS_VERIFIED_EMAIL:
        return _(
            "Open the link that we have mailed to you, then sign in. "
            "If you had an account before, its password has not changed."
        )
    return _(
        "Your account is ready: sign in to go on. We have mailed you a link to confirm your "
        "address. If you had an account before, its password has not changed."
    )
