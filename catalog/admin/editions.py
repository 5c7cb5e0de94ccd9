"""Editions of one work, on the page of a book: where they are, another one, apart again."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.admin.book_forms import EDITION_OF, shared_facts, source_of
from catalog.models import Book
from catalog.services import works
from core.admin import Withdrawable, dialog_action


class Editions(Withdrawable):
    """Mixin for the admin of books."""

    actions_detail: tuple[str, ...] = ("part_edition", *Withdrawable.actions_detail)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer to part only what is together."""
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        obj = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if obj is not None and _editions_of(obj) > 1:
            return offered
        return [button for button in offered if not button.action_name.endswith("_part_edition")]

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """The book, knowing whether its reader may add editions."""
        obj = super().get_object(request, object_id, from_field)  # type: ignore[misc]
        if obj is not None:
            obj.may_get_editions = self.has_add_permission(request)  # type: ignore[attr-defined]
        return obj

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin another edition with what it shares with the first."""
        source = source_of(request)
        if source is None:
            return super().get_changeform_initial_data(request)  # type: ignore[misc]
        return shared_facts(source)

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """Begin its people and genres likewise."""
        kwargs = super().get_formset_kwargs(  # type: ignore[misc]
            request, obj, inline, prefix
        )
        rows = inline.rows_to_copy(request) if hasattr(inline, "rows_to_copy") else []
        return kwargs | {"initial": rows} if rows else kwargs

    @admin.display(description=_("editions"))
    def editions(self, book: Book) -> str:
        """The way to all editions of the work, and to another one."""
        if not book.pk:
            return ""
        count = _editions_of(book)
        links = [
            (
                reverse("admin:catalog_work_change", args=[book.work_id]),
                ngettext("%d edition", "%d editions", count) % count,
            )
        ]
        if getattr(book, "may_get_editions", False):
            add = reverse("admin:catalog_book_add")
            links.append((f"{add}?{EDITION_OF}={book.pk}", str(_("Add another edition"))))
        return format_html_join(" · ", '<a href="{}" class="underline">{}</a>', links)

    @dialog_action(
        title=_("Take out of its work"),
        question=_("It becomes the only edition of a work of its own."),
        permission="change",
        icon="call_split",
    )
    def part_edition(self, request: HttpRequest, form: Any, object_id: str) -> str:
        """Give this edition a work of its own."""
        works.part_edition(book_id=int(object_id), actor_id=request.user.pk)
        return str(_("This is now the only edition of its work."))


def _editions_of(book: Book) -> int:
    return Book.objects.filter(work_id=book.work_id).count()
