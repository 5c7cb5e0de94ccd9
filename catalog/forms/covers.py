"""What staff say when they put a cover on a book."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalog.models import Book
from catalog.services import cover_fetches
from catalog.validators import to_isbn13

KINDS = "image/jpeg,image/png,image/webp"


class CoverForm(forms.Form):
    """A book by its ISBN, and a picture for it: a file, or an address to fetch one from."""

    isbn = forms.CharField(label=_("Book"), max_length=40, help_text=_("Its ISBN"))
    file = forms.FileField(
        label=_("Picture"),
        required=False,
        allow_empty_file=True,
        help_text=_("JPEG, PNG or WebP, at most 10 MB and 25 megapixels"),
        widget=forms.FileInput(attrs={"accept": KINDS}),
    )
    cover_url = forms.RegexField(
        cover_fetches.ADDRESS,
        label=_("or the address of a picture"),
        required=False,
        max_length=cover_fetches.LONGEST_ADDRESS,
        help_text=_("https://… It is fetched in the background."),
        error_messages={"invalid": _("Write an address that begins with https://")},
    )

    def clean_isbn(self) -> Book:
        """Return the listed book that is meant."""
        isbn13 = to_isbn13(self.cleaned_data["isbn"])
        book = Book.objects.listed().filter(isbn13=isbn13).first()
        if book is None:
            raise ValidationError(_("No book in the catalogue has this ISBN."))
        return book

    def clean(self) -> dict[str, Any]:
        """Ask for one picture."""
        said = super().clean() or {}
        # An empty file is falsy, and still a choice: the service says what is wrong with it.
        chosen = [name for name in ("file", "cover_url") if said.get(name) not in (None, "")]
        if not self.errors and len(chosen) != 1:
            raise ValidationError(
                _("Choose a file, or give the address of a picture: one of both.")
            )
        return said

    def choice(self) -> cover_fetches.Choice:
        """Return the picture that was chosen."""
        said = self.cleaned_data
        return cover_fetches.Choice(file=said["file"], cover_url=said["cover_url"])
