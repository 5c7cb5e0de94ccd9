"""The desk's doors to saved views: plain forms, which lead back to the list."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import Invalid
from core.http.pages import see_other
from core.services import saved_views

# Where in the list one was, or how it was opened, is no part of a view.
_PASSING = ("p", "e", "all", "_popup", "_to_field", "_changelist_filters")


def lasting(query: QueryDict) -> str:
    """Return the part of a list's query that a view keeps."""
    kept = query.copy()
    for name in _PASSING:
        kept.pop(name, None)
    return kept.urlencode()


def owner_of(request: HttpRequest) -> uuid.UUID:
    """Return the id of the person at the desk, who is signed in."""
    return uuid.UUID(str(request.user.pk))


def save(site: Any, request: HttpRequest) -> HttpResponse:
    """Keep the list that the form was on, for a user who may see it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    page, query = request.POST.get("page", ""), lasting(QueryDict(request.POST.get("query", "")))
    address = _list_of(site, request, page)
    try:
        view = saved_views.save_view(
            owner_id=owner_of(request), page=page, name=request.POST.get("name", ""), query=query
        )
    except Invalid as refusal:
        for sentences in refusal.data["fields"].values():
            messages.error(request, " ".join(sentences))
    else:
        messages.success(request, _("The view “%s” is kept.") % view.name)
    return see_other(f"{address}?{query}")


def delete(site: Any, request: HttpRequest, view_id: int) -> HttpResponse:
    """Forget one's own view."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    view = saved_views.delete_view(owner_id=owner_of(request), view_id=view_id)
    messages.success(request, _("The view “%s” is gone.") % view.name)
    return see_other(_list_of(site, request, view.page))


def _list_of(site: Any, request: HttpRequest, page: str) -> str:
    """Return the address of a list that the user may see; else 404."""
    for model, admin in site._registry.items():
        if model._meta.label_lower == page and admin.has_view_permission(request):
            return reverse(f"{site.name}:{page.replace('.', '_')}_changelist")
    raise Http404
