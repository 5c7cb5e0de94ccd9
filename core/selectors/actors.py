"""Who did it: rows keep a plain id, staff reads the address of whoever still has an account."""

from django.contrib.auth import get_user_model
from django.db.models import OuterRef, QuerySet, Subquery


def with_actor_name(rows: QuerySet) -> QuerySet:
    """Add the address of each row's `actor_id` as `actor_address`, in the same query."""
    users = get_user_model()
    address = users.objects.filter(pk=OuterRef("actor_id")).values(users.USERNAME_FIELD)[:1]
    return rows.annotate(actor_address=Subquery(address))
