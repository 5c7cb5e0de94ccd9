"""Filters for what somebody has to look at."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from commerce.selectors import order_work
from core.admin import DropdownFilter


class WorkFilter(DropdownFilter):
    """Orders to pick, and late ones."""

    title = _("work")
    parameter_name = "work"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What can be chosen."""
        return [("pick", _("To pick")), ("late", _("Late"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow by what is to be done."""
        if self.value() == "pick":
            return order_work.to_pick(queryset)
        return order_work.late(queryset) if self.value() == "late" else queryset


class StuckFilter(DropdownFilter):
    """Payments without an outcome."""

    title = _("outcome")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What can be chosen."""
        return [("stuck", _("Not known for 15 minutes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow by whether the provider has answered."""
        return order_work.stuck(queryset) if self.value() == "stuck" else queryset
