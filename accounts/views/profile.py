"""The account page and the profile."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.profile import ProfileForm
from accounts.selectors import users
from accounts.services import profile as service
from accounts.views.refusals import show_form
from core.errors import DomainError
from core.http.pages import see_other


@never_cache
@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show who is signed in and what they can do from here."""
    return render(request, "accounts/account.html")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Change the name; the e-mail address has a page of its own."""
    user = users.signed_in(request.user)
    form = ProfileForm(
        request.POST if request.method == "POST" else None, initial={"full_name": user.full_name}
    )
    if not form.is_valid():
        return show_form(request, "accounts/profile.html", form)
    try:
        service.change_name(user=user, full_name=form.cleaned_data["full_name"])
    except DomainError as error:
        return show_form(request, "accounts/profile.html", form, error)
    messages.success(request, _("Your profile is saved."))
    return see_other(reverse("accounts:account"))
