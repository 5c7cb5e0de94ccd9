"""The page of recovery codes: shown once, made anew at any time."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.selectors import second_factor as selector
from accounts.selectors import users
from accounts.services import second_factor as service
from accounts.views.admission import fresh_proof_required, stay_signed_in
from core.http.pages import see_other

# Session key: there are codes that their owner has not seen yet.
_UNSEEN = "recovery_codes_unseen"


def after_adding(
    request: HttpRequest, *, before: User, changed: User, sentence: str
) -> HttpResponse:
    """Lead on from a factor that was added: after the first one to the codes that came with it."""
    if before.second_factor_at is None:
        stay_signed_in(request, changed)
        return _to_new_codes(request)
    messages.success(request, sentence)
    return see_other(reverse("accounts:security"))


@never_cache
@fresh_proof_required
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show new codes once, as a list to print; afterwards only how many are left."""
    user = users.signed_in(request.user)
    if request.method == "POST":
        service.renew_recovery_codes(user_id=user.pk)
        return _to_new_codes(request)
    codes = selector.unused_recovery_codes(user) if request.session.pop(_UNSEEN, False) else []
    left = selector.overview(user).codes_left
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "left": left})


def _to_new_codes(request: HttpRequest) -> HttpResponse:
    request.session[_UNSEEN] = True
    return see_other(reverse("accounts:recovery-codes"))
