"""People who make books, on the staff desk."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog import text
from catalog.admin.names import NamedAdmin
from catalog.forms.contributors import ContributorForm
from catalog.models import Contributor
from catalog.services import renames

MOST_WORDS = 6


@admin.register(Contributor)
class ContributorAdmin(NamedAdmin):
    """Authors, translators, illustrators …; somebody with books cannot be deleted."""

    form = ContributorForm
    list_display = ("name", "sort_name")
    search_fields = ("name",)
    search_help_text = _("Beginnings of names")
    ordering = ("sort_name", "pk")
    fields = (("name", "sort_name"), "biography")
    otherwise = "author"

    def search_with(self, request: HttpRequest, queryset: QuerySet, term: str) -> QuerySet:
        queryset = queryset.alias(spaced=Concat(Value(" "), "sort_name"))
        for word in text.fold(term).split()[:MOST_WORDS]:
            queryset = queryset.filter(spaced__contains=f" {word}")
        return queryset

    def let_books_follow(self, obj: Any) -> None:
        renames.follow_contributor(contributor_id=obj.pk)
