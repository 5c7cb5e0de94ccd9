"""Rows that were chosen in a list, for a page that does something with them in steps.

The choice travels in the address: the ids of ticked rows, or the list's own filters and search for
"all of them", which are asked anew at each step.
"""

import copy

from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode

from core.admin import row_ids
from core.http.saved_views import lasting

IDS = "ids"
LIST = "list"


def query_of(request: HttpRequest, queryset: QuerySet) -> str:
    """Return, in an action, what the next page's address says of the rows chosen."""
    if request.POST.get("select_across") == "1":
        return urlencode({LIST: lasting(request.GET)})
    ids = queryset.order_by("pk").values_list("pk", flat=True)
    return urlencode({IDS: ",".join(map(str, ids))})


def rows_of(request: HttpRequest, admin: ModelAdmin) -> QuerySet | None:
    """Return the rows that this request's address names, as `admin` shows them to its user.

    None when it names none. Raises `BadRequest` for what no list or row can be.
    """
    if LIST in request.GET:
        asked = copy.copy(request)
        asked.GET = QueryDict(request.GET[LIST])
        return rows_of_list(asked, admin)
    if not request.GET.get(IDS):
        return None
    ids = request.GET[IDS].split(",")
    if not all(row_ids.may_be_id(admin.model, each) for each in ids):
        raise BadRequest
    return admin.get_queryset(request).filter(pk__in=ids)


def rows_of_list(request: HttpRequest, admin: ModelAdmin) -> QuerySet:
    """Return the rows of a list, all pages, as this request's address filters and orders them.

    Raises `BadRequest` for an address that no list can have.
    """
    try:
        return admin.get_changelist_instance(request).queryset
    except IncorrectLookupParameters:
        raise BadRequest from None
