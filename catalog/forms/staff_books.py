"""A book as the staff desk's form takes it; `services.books` decides about the rest."""

from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from catalog.forms.attributes import AttributesField
from catalog.models import Book
from catalog.validators import to_isbn13

LONGEST_ISBN = 20


class StaffBookForm(forms.ModelForm):
    """An edition. The ISBN may be written in any spelling."""

    isbn13 = forms.CharField(
        label=_("ISBN"), max_length=LONGEST_ISBN, help_text=_("ISBN-10 or -13, hyphens or not.")
    )
    price = forms.DecimalField(
        label=_("Price"),
        max_digits=10,
        decimal_places=2,
        required=False,
        validators=[MinValueValidator(0, _("A price cannot be negative."))],
        help_text=_("Without a price a book is shown, not sold."),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    first_published_year = forms.IntegerField(
        label=_("Work first published"),
        required=False,
        min_value=-5000,
        max_value=3000,
        help_text=_("Year; negative before our era."),
    )

    attributes = AttributesField(
        label=_("More facts"),
        required=False,
        help_text=_("One to a line, as “Dimensions: 198 × 129 mm”."),
    )
    # What was read: `services.books` refuses to write over what somebody changed since.
    version_read = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Book
        fields = (
            "isbn13",
            "title",
            "subtitle",
            "work",
            "description",
            "price",
            "publisher",
            "published_on",
            "published_precision",
            "language",
            "format",
            "pages",
            "series",
            "series_number",
            "attributes",
            "on_sale_on",
            "is_preorder_allowed",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "work" in self.fields:
            self.fields["work"].required = False
            self.fields["work"].help_text = _(
                "Other editions of the same text share it; empty makes a new one."
            )
        if self.instance.pk and "first_published_year" in self.fields:
            self.initial["first_published_year"] = self.instance.work.first_published_year
        if self.instance.pk and "version_read" in self.fields:
            self.initial["version_read"] = self.instance.version

    @property
    def expected_versions(self) -> tuple[int, ...] | None:
        """The version that was read, None for a new book."""
        version = self.cleaned_data.get("version_read")
        return None if version is None else (version,)

    def accept_version(self, version: int) -> None:
        """Let the form shown again be saved over `version`, now that its reader knows of it."""
        said: Any = self.data.copy()  # type: ignore[attr-defined]
        said[self.add_prefix("version_read")] = str(version)
        self.data = said
        self.add_error(None, _("Nothing was saved. Saving again puts this in its place."))

    def clean_isbn13(self) -> str:
        """Return the thirteen digits of any spelling."""
        return to_isbn13(self.cleaned_data["isbn13"])

    def validate_unique(self) -> None:
        """Nothing here: the service knows a withdrawn namesake from a duplicate."""
