"""Passkeys in the browser: the questions that its script fetches, and the pages about them.

A question is remembered by the session under its purpose and is good for one answer, which comes
back as an ordinary form with a field `credential`.
"""

import time

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import ChallengeEnded, PasskeyNotAccepted, ProofTooOld
from accounts.forms.second_factor import PasskeyNameForm
from accounts.forms.sign_in import SignInForm
from accounts.gateways.passkeys import Question
from accounts.selectors import second_factor as selector
from accounts.selectors import users
from accounts.services import passkeys as service
from accounts.services import second_factor_answers
from accounts.views.admission import (
    CHALLENGE,
    confirmed_address_required,
    fresh_proof_required,
    has_fresh_proof,
    start_session,
)
from accounts.views.destinations import page_after_sign_in
from accounts.views.recovery_codes import after_adding
from accounts.views.refusals import show_form
from core.errors import DomainError
from core.http import client
from core.http.pages import see_other
from core.http.problems import json_refusal

# Purposes of a question; an answer is taken for none but its own.
SIGN_IN, SECOND_FACTOR, CONFIRM, ADD = "sign-in", "second-factor", "confirm", "add"
# Autofill asks when the page opens and waits until somebody picks a passkey.
_ANSWER_SECONDS = 3600
_QUESTION = "passkey_question"
_ADD_PAGE = "accounts/passkey_new.html"


@never_cache
@require_POST
def question(request: HttpRequest, purpose: str) -> HttpResponse:
    """Return, as JSON, what the browser's passkeys are to be asked; a refusal as the API's."""
    try:
        asked = _question_for(request, purpose)
    except DomainError as error:
        return json_refusal(error)
    request.session[_QUESTION] = {"for": purpose, "at": int(time.time()), "state": asked.state}
    return JsonResponse(asked.options)


def state_of_question(request: HttpRequest, purpose: str) -> dict[str, str]:
    """Return what the session remembers of its question, once; raise `PasskeyNotAccepted`."""
    asked = request.session.pop(_QUESTION, None)
    if not asked or asked["for"] != purpose or time.time() - asked["at"] > _ANSWER_SECONDS:
        raise PasskeyNotAccepted
    return asked["state"]


def origin_of(request: HttpRequest) -> str:
    """Return the shop's origin as this browser sees it; its host is one of ALLOWED_HOSTS."""
    return f"{request.scheme}://{request.get_host()}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Start a session for whoever's passkey signed, without a password."""
    if request.method != "POST":
        return see_other(reverse("accounts:login"))
    try:
        user = service.check_sign_in(
            origin=origin_of(request),
            state=state_of_question(request, SIGN_IN),
            answer=request.POST.get("credential", ""),
            address=client.address_of(request),
        )
    except DomainError as error:
        return show_form(request, "accounts/login.html", SignInForm(), error)
    start_session(request, user)
    return see_other(page_after_sign_in(request))


@never_cache
@fresh_proof_required
@confirmed_address_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a passkey under a name; the first factor shows its recovery codes next."""
    user = users.signed_in(request.user)
    if request.method != "POST":
        named = PasskeyNameForm(initial={"name": client.device_of(request)})
        return show_form(request, _ADD_PAGE, named)
    form = PasskeyNameForm(request.POST)
    if not form.is_valid():
        return show_form(request, _ADD_PAGE, form)
    try:
        changed = service.add(
            user_id=user.pk,
            name=form.cleaned_data["name"],
            origin=origin_of(request),
            state=state_of_question(request, ADD),
            answer=request.POST.get("credential", ""),
        )
    except DomainError as error:
        return show_form(request, _ADD_PAGE, form, error)
    return after_adding(request, before=user, changed=changed, sentence=_("The passkey is added."))


@never_cache
@fresh_proof_required
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """Give a passkey another name."""
    user = users.signed_in(request.user)
    passkey = selector.passkey_of(user, passkey_id)
    page = "accounts/passkey.html"
    if request.method != "POST":
        named = PasskeyNameForm(initial={"name": passkey.data["name"]})
        return show_form(request, page, named, passkey=passkey)
    form = PasskeyNameForm(request.POST)
    if not form.is_valid():
        return show_form(request, page, form, passkey=passkey)
    try:
        service.rename(user_id=user.pk, passkey_id=passkey_id, name=form.cleaned_data["name"])
    except DomainError as error:
        return show_form(request, page, form, error, passkey=passkey)
    return see_other(reverse("accounts:security"))


@never_cache
@fresh_proof_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """Ask, then remove a passkey, or say on the security page why it stays."""
    user = users.signed_in(request.user)
    passkey = selector.passkey_of(user, passkey_id)
    if request.method != "POST":
        return render(request, "accounts/factor_removal.html", {"passkey": passkey})
    try:
        service.remove(user_id=user.pk, passkey_id=passkey_id)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The passkey is removed."))
    return see_other(reverse("accounts:security"))


def _question_for(request: HttpRequest, purpose: str) -> Question:
    origin = origin_of(request)
    if purpose == SIGN_IN:
        return service.ask_anybody(origin=origin, address=client.address_of(request))
    if purpose == SECOND_FACTOR:
        challenge = request.session.get(CHALLENGE)
        if not challenge:
            raise ChallengeEnded
        asked = second_factor_answers.user_of(challenge)
        return service.ask_user(user=asked, origin=origin, is_only_proof=False)
    user = users.signed_in(request.user)
    if purpose == CONFIRM:
        return service.ask_user(user=user, origin=origin, is_only_proof=True)
    if purpose != ADD:
        raise Http404
    if not has_fresh_proof(request):
        raise ProofTooOld
    return service.ask_for_new(user=user, origin=origin)
