"""The second question of a sign-in in the browser."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import ChallengeEnded, CodeWrong
from accounts.forms.second_factor import CodeForm
from accounts.models import User
from accounts.selectors import second_factor as selector
from accounts.services import second_factor_answers as service
from accounts.views import passkeys
from accounts.views.admission import CHALLENGE, start_session
from accounts.views.destinations import page_after_sign_in, wanted_page
from accounts.views.refusals import show_form
from core.errors import DomainError
from core.http import client
from core.http.pages import see_other, with_next


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for a code or a passkey, and start the session that the password has earned."""
    challenge = request.session.get(CHALLENGE, "")
    form = CodeForm(request.POST if "code" in request.POST else None)
    refusal: DomainError | None = None
    try:
        asked = service.user_of(challenge)
        if request.method == "POST" and (not form.is_bound or form.is_valid()):
            start_session(request, _answered(request, challenge, form))
            return see_other(page_after_sign_in(request))
    except ChallengeEnded as error:
        return _start_anew(request, error)
    except CodeWrong as error:
        form.add_error("code", error.message)
    except DomainError as error:
        refusal = error
    factors = selector.overview(asked)
    if factors.app is None:
        form.fields["code"].label = _("Recovery code")
    return show_form(request, "accounts/second_factor.html", form, refusal, factors=factors)


def _answered(request: HttpRequest, challenge: str, form: CodeForm) -> User:
    address = client.address_of(request)
    if form.is_bound:
        return service.answer_with_code(challenge=challenge, address=address, **form.cleaned_data)
    return service.answer_with_passkey(
        challenge=challenge,
        origin=passkeys.origin_of(request),
        state=passkeys.state_of_question(request, passkeys.SECOND_FACTOR),
        answer=request.POST.get("credential", ""),
        address=address,
    )


def _start_anew(request: HttpRequest, error: ChallengeEnded) -> HttpResponse:
    if request.session.pop(CHALLENGE, None):
        messages.error(request, error.message)
    return see_other(with_next(reverse("accounts:login"), wanted_page(request)))
