"""Lists of the staff desk that somebody keeps by a name. Nobody but their owner knows them."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Invalid, NotFound
from core.models import SavedView

MOST_PER_PAGE = 20
_LONGEST_NAME = 60
_LONGEST_QUERY = 1_000


def save_view(*, owner_id: uuid.UUID, page: str, name: str, query: str) -> SavedView:
    """Keep a list's filters, search and order by a name; a view of this name is replaced.

    `query` is what stands after the question mark. Raises `Invalid` for a name that is empty or
    too long, a query too long, and for more than `MOST_PER_PAGE` views of one list.
    """
    tidied = " ".join(name.split())
    # PostgreSQL keeps no NUL; whoever sends one wants no name.
    if not 0 < len(tidied) <= _LONGEST_NAME or "\x00" in tidied:
        raise Invalid(fields={"name": [_("Give the view a name of up to 60 characters.")]})
    if len(query) > _LONGEST_QUERY:
        raise Invalid(fields={"query": [_("These filters are too long to be kept.")]})
    with transaction.atomic():
        view, is_new = SavedView.objects.update_or_create(
            owner_id=owner_id, page=page, name=tidied, defaults={"query": query}
        )
        own = SavedView.objects.filter(owner_id=owner_id, page=page)
        if is_new and own.count() > MOST_PER_PAGE:
            message = _("There are %d views of this list; delete one first.") % MOST_PER_PAGE
            raise Invalid(fields={"name": [message]})
    return view


def delete_view(*, owner_id: uuid.UUID, view_id: int) -> SavedView:
    """Forget a view and return it; raises `NotFound` for one that is not its owner's."""
    view = SavedView.objects.filter(owner_id=owner_id, pk=view_id).first()
    if view is None:
        raise NotFound
    view.delete()
    return view
