"""People who make books, on the staff desk."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.admin.names import NamedAdmin
from catalog.forms.contributors import ContributorForm
from catalog.models import Contributor
from catalog.selectors import contributors
from catalog.services import renames


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
        return contributors.people_matching(queryset, term)

    def let_books_follow(self, obj: Any) -> None:
        renames.follow_contributor(contributor_id=obj.pk)
