"""The browser's way in and out, for readers and staff alike."""

from django.contrib import auth, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import SecondFactorRequired
from accounts.forms.sign_in import SignInForm
from accounts.models import User
from accounts.services import sign_in as service
from accounts.views.admission import device_proofs, start_session, to_second_factor
from accounts.views.destinations import page_after_sign_in, wanted_page
from accounts.views.greeting import address_to_greet
from accounts.views.refusals import show_form
from core.errors import DomainError
from core.http import client
from core.http.pages import see_other, with_next

_TEMPLATE = "accounts/login.html"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Start a session (with a new key) and go back to where the reader was."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return see_other(page_after_sign_in(request))
        greeted = {"email": address_to_greet(request)}
        return show_form(request, _TEMPLATE, SignInForm(initial=greeted))
    form = SignInForm(request.POST)
    if not form.is_valid():
        return show_form(request, _TEMPLATE, form)
    try:
        user = service.check_credentials(
            **form.cleaned_data,
            address=client.address_of(request),
            device_proofs=device_proofs(request),
        )
    except SecondFactorRequired as error:
        return to_second_factor(request, error)
    except DomainError as error:
        return show_form(request, _TEMPLATE, form, error)
    start_session(request, user)
    return see_other(page_after_sign_in(request))


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session on the server and show the home page."""
    if isinstance(request.user, User):
        service.record_sign_out(user=request.user)
    auth.logout(request)
    messages.success(request, _("You are signed out."))
    return see_other(reverse("home"))


@never_cache
def staff_sign_in(request: HttpRequest) -> HttpResponse:
    """Send the admin site's sign-in through the one door, with its limits and its audit.

    Staff who lack the second factor that the shop asks for are led to adding one. Raises
    `PermissionDenied` for readers who are signed in: the door would send them back here.
    """
    if isinstance(request.user, User) and not request.user.is_staff:
        if request.user.lacks_second_factor:
            return render(request, "accounts/enrolment.html", status=403)
        raise PermissionDenied
    wanted = wanted_page(request) or reverse("admin:index")
    return see_other(with_next(reverse("accounts:login"), wanted))
