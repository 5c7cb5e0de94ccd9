"""What every browser door does once somebody has proved who they are."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import sessions
from accounts.errors import EmailNotVerified, SecondFactorRequired
from accounts.models import User
from accounts.selectors import users
from accounts.services import known_devices
from accounts.sessions import DEVICE
from accounts.views.destinations import wanted_page
from core.http import client, cookies
from core.http.pages import see_other, with_next

# Session key: the challenge that waits for a code.
CHALLENGE = "second_factor_challenge"
_KNOWN_DEVICE = "device"
_KNOWN_DEVICE_SECONDS = 180 * 86_400


def start_session(request: HttpRequest, user: User) -> None:
    """Sign `user` in to this browser, under a new session key that nobody could have planted."""
    auth.login(request, user)
    sessions.begin_anew(request.session)
    request.session[DEVICE] = client.device_of(request)
    sessions.note_proof(request.session)
    request.session.pop(CHALLENGE, None)
    cookies.set_later(
        request,
        cookies.name_of(_KNOWN_DEVICE),
        known_devices.with_proof_for(device_proofs(request), email=user.email),
        max_age=_KNOWN_DEVICE_SECONDS,
    )


def stay_signed_in(request: HttpRequest, user: User) -> None:
    """Sign this browser in again, under a new key, after all of `user`'s sessions were ended.

    The session has to have been read before they were: look at `request.user` first.
    """
    auth.update_session_auth_hash(request, user)


def device_proofs(request: HttpRequest) -> str:
    """Return what this browser shows of having signed in before (`known_devices`)."""
    return request.COOKIES.get(cookies.name_of(_KNOWN_DEVICE), "")


def to_second_factor(
    request: HttpRequest, error: SecondFactorRequired, wanted: str | None = None
) -> HttpResponse:
    """Remember the challenge and send the browser to the page that asks for the code.

    `wanted` is the page to go on to (checked already); by default what the request names.
    """
    request.session[CHALLENGE] = error.data["challenge"]
    wanted = wanted_page(request) if wanted is None else wanted
    return see_other(with_next(reverse("accounts:second-factor"), wanted))


def has_fresh_proof(request: HttpRequest) -> bool:
    """Whether whoever is signed in here showed a proof lately (`accounts.sessions`)."""
    return request.user.is_authenticated and sessions.has_fresh_proof(request.session)


def to_confirmation(request: HttpRequest, wanted: str) -> HttpResponse:
    """Send the browser to the page that asks for the proof again, and then on to `wanted`."""
    return see_other(with_next(reverse("accounts:confirm"), wanted))


def confirmed_address_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view run only for people whose address is confirmed; ask others to do that first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not users.signed_in(request.user).is_verified:
            messages.warning(request, EmailNotVerified().message)
            return see_other(reverse("accounts:verification"))
        return view(request, *args, **kwargs)

    return guarded


def fresh_proof_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view run only for people signed in who lately showed a proof; ask the others for one.

    Afterwards they come back to the address they asked for, so it has to answer a GET as well.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_fresh_proof(request):
            return to_confirmation(request, request.get_full_path())
        return view(request, *args, **kwargs)

    return login_required(guarded)
