"""Which books an export of the catalogue holds, and in which shape."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.selectors import genre_outline
from catalog.selectors.exports import Selection
from core.days import midnight

_FORMATS = [
    ("onix", _("ONIX for Books 3.0")),
    ("csv", _("CSV")),
    ("xlsx", _("Excel workbook (XLSX)")),
    ("jsonl", _("JSON lines")),
]


class CatalogueExportForm(forms.Form):
    """What the desk asks before it exports the catalogue."""

    kind = forms.ChoiceField(label=_("Format"), choices=_FORMATS)
    genre = forms.ChoiceField(label=_("Genre"), required=False)
    changed_since = forms.DateField(
        label=_("Changed since"),
        required=False,
        help_text=_("Only books that were added or changed on this day or later."),
    )
    in_stock_only = forms.BooleanField(label=_("Only what a branch has in stock"), required=False)
    with_withdrawn = forms.BooleanField(
        label=_("With withdrawn books"),
        required=False,
        help_text=_("ONIX only: tells those who had them before to delete them."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["genre"].choices = [  # type: ignore[attr-defined]
            ("", _("All")),
            *((str(row.id), row.indented) for row in genre_outline.outline()),
        ]

    def clean(self) -> dict[str, object]:
        """Refuse withdrawn books in formats that cannot say that they are."""
        said = super().clean() or {}
        if said.get("with_withdrawn") and said.get("kind") != "onix":
            self.add_error("with_withdrawn", _("Only ONIX can tell that a book was withdrawn."))
        return said

    @property
    def selection(self) -> Selection:
        """The books that were asked for."""
        said = self.cleaned_data
        day = said["changed_since"]
        return Selection(
            changed_since=day and midnight(day),
            genre=said["genre"],
            in_stock_only=said["in_stock_only"],
            with_withdrawn=said["with_withdrawn"],
        )
