"""Showing a proof again before something that matters."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import sessions
from accounts.errors import WrongPassword
from accounts.forms.second_factor import ConfirmForm
from accounts.models import User
from accounts.selectors import second_factor as selector
from accounts.selectors import users
from accounts.services import confirmation as service
from accounts.views import passkeys
from accounts.views.destinations import wanted_page
from accounts.views.refusals import show_form
from core.errors import DomainError
from core.http import client
from core.http.pages import see_other


@never_cache
@login_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the password or a passkey, then go on to what was wanted.

    Whoever has neither signs in again by a mailed link, which is as fresh a proof.
    """
    user = users.signed_in(request.user)
    form = ConfirmForm(request.POST if "password" in request.POST else None)
    refusal: DomainError | None = None
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            _check(request, user, form)
        except WrongPassword as error:
            form.add_error("password", error.message)
        except DomainError as error:
            refusal = error
        else:
            sessions.note_proof(request.session)
            return see_other(wanted_page(request) or reverse("accounts:security"))
    factors = selector.overview(user)
    return show_form(request, "accounts/confirm.html", form, refusal, factors=factors)


def _check(request: HttpRequest, user: User, form: ConfirmForm) -> None:
    address = client.address_of(request)
    if form.is_bound:
        service.check_password(user=user, address=address, **form.cleaned_data)
        return
    service.check_passkey(
        user=user,
        origin=passkeys.origin_of(request),
        state=passkeys.state_of_question(request, passkeys.CONFIRM),
        answer=request.POST.get("credential", ""),
        address=address,
    )
