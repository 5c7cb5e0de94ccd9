"""Moving to another address in the browser."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.errors import LinkInvalid
from accounts.forms.email_changes import ChangeEmailForm
from accounts.selectors import users
from accounts.services import email_changes as service
from accounts.views.admission import stay_signed_in
from accounts.views.refusals import show_form
from core.errors import DomainError
from core.http.pages import see_other
from core.http.problems import status_of

_ASK = "accounts/change_email.html"


@never_cache
@login_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def change_email(request: HttpRequest) -> HttpResponse:
    """Ask for another address; the answer is the same whether somebody has it or not."""
    user = users.signed_in(request.user)
    form = ChangeEmailForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return show_form(request, _ASK, form)
    try:
        service.ask_for_change(user=user, **form.cleaned_data)
    except DomainError as error:
        return show_form(request, _ASK, form, error)
    messages.success(
        request,
        _("Open the link that we have mailed to the new address. Until then nothing changes."),
    )
    return see_other(reverse("accounts:account"))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_email_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a button, which makes the change; only for whoever asked, signed in."""
    user = users.signed_in(request.user)
    try:
        if request.method != "POST":
            email = service.address_to_confirm(secret=secret, user=user)
            return render(request, "accounts/change_email_link.html", {"email": email})
        changed = service.confirm_change(secret=secret, user=user)
    except LinkInvalid as error:
        context = {"form": ChangeEmailForm(), "error": error}
        return render(request, _ASK, context, status=status_of(error))
    stay_signed_in(request, changed)
    messages.success(request, _("Your account has its new address. Use it to sign in from now on."))
    return see_other(reverse("accounts:account"))
