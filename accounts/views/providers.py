"""The browser's way to Google or GitHub and back: to sign in, to connect, to prove again.

The way there is a page that moves on by itself, not a redirect: browsers hold every hop that
follows a form against the policy's `form-action`, and where companies send their people to sign in
nobody can list.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import sessions
from accounts.enums import Provider
from accounts.errors import ProviderCancelled, ProviderVisitUnknown, SecondFactorRequired
from accounts.gateways import providers_states
from accounts.gateways.providers import Arrival
from accounts.selectors import users
from accounts.services import connections, provider_sign_in
from accounts.views.admission import (
    has_fresh_proof,
    start_session,
    to_confirmation,
    to_second_factor,
)
from accounts.views.destinations import wanted_page
from core.errors import Invalid
from core.http import client
from core.http.pages import see_other, with_next

DOOR = "page"
SIGN_IN, CONNECT, CONFIRM = "sign_in", "connect", "confirm"


@never_cache
@require_POST
def depart(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Send the browser to a provider; the session remembers what for."""
    flow = request.POST.get("flow", SIGN_IN)
    if flow not in _FLOWS:
        raise Invalid
    if flow != SIGN_IN and not request.user.is_authenticated:
        return redirect_to_login(_page_of(flow))
    if flow == CONNECT and not has_fresh_proof(request):
        return to_confirmation(request, _page_of(flow))
    departure = provider_sign_in.depart(
        provider=provider,
        callback=_callback(request, provider),
        address=client.address_of(request),
        asks_again=flow == CONFIRM,
    )
    luggage = {"flow": flow, "next": wanted_page(request), "user": str(request.user.pk or "")}
    providers_states.remember(request, departure, door=DOOR, luggage=luggage)
    return render(request, "accounts/departure.html", {"departure": departure})


@never_cache
@require_http_methods(["GET"])
def arrive(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Take somebody back from a provider and do what they were sent there for."""
    memory = providers_states.recall(
        request, provider, door=DOOR, state=request.GET.get("state", "")
    )
    arrival = Arrival(
        provider=provider,
        callback=_callback(request, provider),
        query=request.GET.dict(),
        nonce=memory.nonce,
        code_verifier=memory.code_verifier,
    )
    try:
        return _FLOWS[memory.luggage["flow"]](request, arrival, memory.luggage)
    except ProviderCancelled as error:
        messages.warning(request, error.message)
        return see_other(_page_of(memory.luggage["flow"], memory.luggage["next"]))


def _sign_in(request: HttpRequest, arrival: Arrival, luggage: dict[str, Any]) -> HttpResponse:
    try:
        user = provider_sign_in.sign_in_from(arrival=arrival, address=client.address_of(request))
    except SecondFactorRequired as error:
        return to_second_factor(request, error, luggage["next"])
    start_session(request, user)
    return see_other(luggage["next"] or resolve_url(settings.LOGIN_REDIRECT_URL))


def _connect(request: HttpRequest, arrival: Arrival, luggage: dict[str, Any]) -> HttpResponse:
    _check_same_user(request, arrival, luggage)
    user = users.signed_in(request.user)
    is_new = connections.connect(user=user, arrival=arrival, address=client.address_of(request))
    sentence = _("{provider} is connected.") if is_new else _("{provider} was connected already.")
    messages.success(request, sentence.format(provider=arrival.provider.label))
    return see_other(reverse("accounts:connections"))


def _confirm(request: HttpRequest, arrival: Arrival, luggage: dict[str, Any]) -> HttpResponse:
    _check_same_user(request, arrival, luggage)
    user = users.signed_in(request.user)
    connections.confirm(user=user, arrival=arrival, address=client.address_of(request))
    sessions.note_proof(request.session)
    return see_other(luggage["next"] or reverse("accounts:account"))


_FLOWS = {SIGN_IN: _sign_in, CONNECT: _connect, CONFIRM: _confirm}


def _check_same_user(request: HttpRequest, arrival: Arrival, luggage: dict[str, Any]) -> None:
    if not request.user.is_authenticated or str(request.user.pk) != luggage["user"]:
        raise ProviderVisitUnknown(provider=arrival.provider.label)


def _callback(request: HttpRequest, provider: Provider) -> str:
    return request.build_absolute_uri(reverse(f"accounts:{provider.value}-callback"))


def _page_of(flow: str, wanted: str = "") -> str:
    """Return the page that a flow begins on, and that leads on to `wanted` afterwards."""
    names = {
        SIGN_IN: "accounts:login",
        CONNECT: "accounts:connections",
        CONFIRM: "accounts:confirm",
    }
    return with_next(reverse(names[flow]), wanted)
