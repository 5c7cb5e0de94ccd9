"""Connected logins: which sign-ins at Google and GitHub open this account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import LastWayIn
from accounts.gateways import providers
from accounts.selectors import connections as selector
from accounts.selectors import users
from accounts.services import connections as service
from core.errors import DomainError
from core.http.pages import form_status, see_other


@never_cache
@login_required
@require_safe
def connections(request: HttpRequest) -> HttpResponse:
    """List what is connected and offer the rest."""
    return _page(request)


@never_cache
@login_required
@require_POST
def disconnect(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Disconnect one; the last way in stays, and the page says why."""
    user = users.signed_in(request.user)
    try:
        provider = service.disconnect(user_id=user.pk, connection_id=connection_id)
    except LastWayIn as error:
        return _page(request, error)
    messages.success(request, _("{provider} is disconnected.").format(provider=provider.label))
    return see_other(reverse("accounts:connections"))


def _page(request: HttpRequest, error: DomainError | None = None) -> HttpResponse:
    context = {
        "connections": selector.connections_of(users.signed_in(request.user)),
        "offered": providers.offered(),
        "error": error,
    }
    status = form_status(error) if error else 200
    return render(request, "accounts/connections.html", context, status=status)
