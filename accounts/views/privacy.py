"""What the shop holds about the reader: to take along, and to have deleted."""

from django.contrib import auth
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import ProofTooOld
from accounts.forms.privacy import DeletionForm
from accounts.selectors import users
from accounts.services import data_export, erasure
from accounts.views.admission import has_fresh_proof, to_confirmation
from accounts.views.refusals import show_form
from core.errors import DomainError
from core.http.pages import see_other

_DELETE = "accounts/delete.html"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: HttpRequest) -> HttpResponse:
    """Say what is in the file; hand it out to whoever proved lately that it is theirs."""
    if request.method != "POST":
        return render(request, "accounts/data.html")
    if not has_fresh_proof(request):
        return to_confirmation(request, reverse("accounts:data"))
    file = data_export.export_person(user=users.signed_in(request.user))
    return HttpResponse(
        file.content,
        content_type="application/json",
        headers={"Content-Disposition": file.disposition},
    )


@never_cache
@sensitive_post_parameters("password")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays; then delete the account and sign out everywhere."""
    user = users.signed_in(request.user)
    given = request.POST if request.method == "POST" else None
    form = DeletionForm(given, has_password=user.has_usable_password())
    if not form.is_valid():
        return show_form(request, _DELETE, form)
    password = form.cleaned_data.get("password", "")
    try:
        erasure.delete_account(
            user=user, password=password, has_fresh_proof=has_fresh_proof(request)
        )
    except ProofTooOld:
        return to_confirmation(request, reverse("accounts:delete"))
    except DomainError as error:
        return show_form(request, _DELETE, form, error)
    auth.logout(request)
    return see_other(reverse("accounts:goodbye"))


@never_cache
@require_safe
def goodbye(request: HttpRequest) -> HttpResponse:
    """Say that the account is gone."""
    return render(request, "accounts/goodbye.html")
