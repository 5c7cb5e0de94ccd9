"""Pictures of covers on the staff desk: which there are, how they stand, another one for a book."""

import datetime as dt
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from catalog.enums import CoverState
from catalog.errors import refusal_sentence
from catalog.forms.covers import KINDS, CoverForm
from catalog.gateways import pictures
from catalog.models import Book, Cover
from catalog.selectors import books as book_lists
from catalog.selectors import staff_search
from catalog.selectors.books import BookCard
from catalog.selectors.pictures import Picture
from catalog.services import cover_fetches, covers
from core.admin import (
    ChoicesDropdownFilter,
    ModelAdmin,
    ReadOnly,
    TextWidget,
    actor_name,
    row_ids,
    with_actor_name,
)
from core.admin.refusals import add_refusal
from core.errors import DomainError
from core.http import uploads
from core.http.pages import form_status


class CoverOnBook:
    """Mixin for a book's page: its cover as readers see it, how it stands, the way to another."""

    @admin.display(description=_("cover"))
    def cover_shown(self, book: Book) -> SafeString:
        """The picture, or the drawn cover while there is none."""
        cover = Cover.objects.filter(book=book).first()
        page = reverse("admin:catalog_cover_add")
        more = _link(f"{page}?book={book.pk}", _("Another picture"))
        if cover:
            own = reverse("admin:catalog_cover_change", args=[cover.pk])
            more = format_html("{} · {}", _link(own, told_state(cover)), more)
        return format_html("{}<p>{}</p>", self.cover_alone(book), more)

    @admin.display(description=_("cover"))
    def cover_alone(self, book: Book) -> SafeString:
        """The same for who may not change it."""
        cards = book_lists.cards_even_withdrawn([book.pk])
        return format_html(
            '<img src="{}" width="120" height="180" alt="{}">',
            cards[0].cover_path,
            _("Cover of this book"),
        )


@admin.register(Cover)
class CoverAdmin(ReadOnly, ModelAdmin):
    """Every picture that was sent or fetched, newest first."""

    list_display = ("small", "book_shown", "state_shown", "sent", "by")
    list_display_links = ("small", "book_shown")
    list_filter = (("state", ChoicesDropdownFilter),)
    list_select_related = ("book",)
    search_fields = ("book__title",)
    search_help_text = _("The book's title, author, series or ISBN")
    ordering = ("-created_at", "-pk")
    fields = (
        "picture",
        "book",
        "state_shown",
        ("width", "height"),
        "source_url",
        "sent",
        "by",
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("catalog.add_cover")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("catalog.delete_cover")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return with_actor_name(super().get_queryset(request))

    def search_with(self, request: HttpRequest, queryset: QuerySet, term: str) -> QuerySet:
        found = staff_search.books_matching(Book.objects.all(), term)
        return queryset.filter(book__in=found.values("pk"))

    def delete_with(self, *, actor: Any, obj: Any) -> None:
        covers.remove_picture(cover_id=obj.pk, actor_id=actor.pk)

    @uploads.takes_files(pictures.MOST_BYTES, pictures.too_large)
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for a picture and put it on a book; what is wrong with it is told beside the form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            asked_for = _book_asked_for(request)
            form = _asking({"isbn": asked_for.isbn13 if asked_for else ""})
            return self._page(request, form, book=asked_for)
        form = _asking(data=request.POST, files=request.FILES)
        if not form.is_valid():
            return self._page(request, form, 422)
        book = form.cleaned_data["isbn"]
        try:
            cover_fetches.set_cover(book_id=book.pk, choice=form.choice(), actor_id=request.user.pk)
        except DomainError as refusal:
            add_refusal(form, refusal)
            return self._page(request, form, form_status(refusal))
        messages.success(request, _("The picture will be on the book in a moment."))
        return HttpResponseRedirect(
            reverse("admin:catalog_book_change", args=[book.pk]), status=303
        )

    @admin.display(description=_("picture"))
    def small(self, cover: Cover) -> str | SafeString:
        """The picture, small, once it is ready."""
        return _image(cover, width=40) or str(_("none yet"))

    @admin.display(description=_("picture"))
    def picture(self, cover: Cover) -> str | SafeString:
        """The picture, once it is ready."""
        return _image(cover, width=240) or str(_("none yet"))

    @admin.display(description=_("book"), ordering="book__title")
    def book_shown(self, cover: Cover) -> str:
        """Whose cover it is."""
        return str(cover.book.title) if cover.book else str(_("on no book yet"))

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, cover: Cover) -> str:
        """How it stands, and why it was refused."""
        return told_state(cover)

    @admin.display(description=_("sent"), ordering="created_at")
    def sent(self, cover: Cover) -> dt.datetime:
        """When it was sent or named."""
        return cover.created_at

    @admin.display(description=_("by"))
    def by(self, cover: Cover) -> str:
        """Who sent it."""
        return actor_name(cover)

    def _page(
        self, request: HttpRequest, form: CoverForm, status: int = 200, book: BookCard | None = None
    ) -> TemplateResponse:
        context = self.admin_site.each_context(request) | {
            "title": _("Put a picture on a book"),
            "opts": self.opts,
            "form": form,
            "book": book,
        }
        return TemplateResponse(request, "admin/cover.html", context, status=status)


def told_state(cover: Cover) -> str:
    """Return the state of a cover in words, with the reason for a refusal."""
    state = str(CoverState(cover.state).label)
    return f"{state}: {refusal_sentence(cover.refusal)}" if cover.refusal else state


def _link(address: str, text: Any) -> SafeString:
    look = "text-primary-600 dark:text-primary-500 underline"
    return format_html('<a class="{}" href="{}">{}</a>', look, address, text)


def _image(cover: Cover, *, width: int) -> SafeString | None:
    if cover.state != CoverState.READY:
        return None
    shown = Picture.of(cover)
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}">',
        shown.file(240, "webp"),
        width,
        round(width * shown.height / shown.width),
        _("Cover"),
    )


def _asking(initial: dict[str, str] | None = None, **said: Any) -> CoverForm:
    form = CoverForm(initial=initial, **said)
    for name in ("isbn", "cover_url"):
        form.fields[name].widget = TextWidget()
    # Unfold's script writes the name of a chosen file into the first text field near it; its own
    # widget brings one along.
    form.fields["file"].widget = UnfoldAdminFileFieldWidget(attrs={"accept": KINDS})
    return form


def _book_asked_for(request: HttpRequest) -> BookCard | None:
    asked = request.GET.get("book", "")
    ids = [int(asked)] if asked and row_ids.may_be_id(Book, asked) else []
    return next(iter(book_lists.cards_by_ids(ids)), None)
