"""The page of places where somebody is signed in."""

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors import sessions as selectors
from accounts.selectors import users
from accounts.services import sessions as service
from accounts.services import tokens
from core.http.pages import see_other


@never_cache
@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where the reader is signed in, this browser first."""
    user = users.signed_in(request.user)
    found = selectors.sign_ins_of(user.pk, here=_here(request))
    return render(request, "accounts/sessions.html", {"sign_ins": found})


@never_cache
@login_required
@require_POST
def session_ending(request: HttpRequest, sign_in_id: str) -> HttpResponse:
    """Sign out in one place."""
    service.sign_out_of(user=users.signed_in(request.user), sign_in_id=sign_in_id)
    messages.success(request, _("That device is signed out."))
    return see_other(reverse("accounts:sessions"))


@never_cache
@login_required
@require_POST
def elsewhere_ending(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    ended = service.sign_out_elsewhere(user=users.signed_in(request.user), here=_here(request))
    messages.success(
        request,
        ngettext(
            "One other device is signed out.", "%(number)s other devices are signed out.", ended
        )
        % {"number": ended},
    )
    return see_other(reverse("accounts:sessions"))


@never_cache
@login_required
@require_POST
def everywhere_ending(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere, here too."""
    user = users.signed_in(request.user)
    tokens.revoke_all(user=user, actor_id=user.pk)
    auth.logout(request)
    messages.success(request, _("You are signed out on every device."))
    return see_other(reverse("home"))


def _here(request: HttpRequest) -> selectors.Here:
    return selectors.Here(session_key=request.session.session_key or "")
