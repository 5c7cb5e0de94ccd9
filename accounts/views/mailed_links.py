"""The pages around mailed links: asking for one, and what to say of one that is over."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.errors import LinkInvalid
from accounts.forms.mailed_links import EmailForm
from accounts.models import User
from accounts.views.refusals import show_form
from core.errors import DomainError
from core.http import client
from core.http.pages import see_other
from core.http.problems import status_of


def ask_for_address(
    request: HttpRequest, template: str, ask_for_link: Callable[..., None]
) -> HttpResponse:
    """Show a form for an address; sent, answer alike whether the address is known or not."""
    if request.method != "POST":
        known = request.user.email if isinstance(request.user, User) else ""
        return show_form(request, template, EmailForm(initial={"email": known}))
    form = EmailForm(request.POST)
    if not form.is_valid():
        return show_form(request, template, form)
    try:
        ask_for_link(email=form.cleaned_data["email"], address=client.address_of(request))
    except DomainError as error:
        return show_form(request, template, form, error)
    messages.success(
        request,
        _(
            "If this address can use it, a mail with a link is on its way. It may take a minute; "
            "look among the spam too. We send a few an hour at most."
        ),
    )
    return see_other(request.path)


def link_over(request: HttpRequest, template: str, error: LinkInvalid) -> HttpResponse:
    """Say that the link is over, on the page where another can be asked for."""
    context = {"form": EmailForm(), "error": error, "next": ""}
    return render(request, template, context, status=status_of(error))
