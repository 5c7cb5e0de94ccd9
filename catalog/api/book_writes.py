"""What staff send about a book."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.enums import BookFormat, ContributorRole, DatePrecision
from catalog.services import cover_fetches
from catalog.services.book_drafts import BookDraft, Credit
from catalog.services.cover_fetches import Choice
from catalog.services.stock import MOST_COPIES
from catalog.validators import LONGEST_NAME
from core.http.serializers import StrictSerializer
from core.ids import BIGGEST_ID

_MOST_PAGES = 2**31 - 1
_MOST_ROWS = 100
_LONGEST_DESCRIPTION = 100_000
_COVER = ("cover", "cover_url")


class CreditInput(StrictSerializer):
    """Somebody on the title page; who is not known yet is made."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    role = serializers.ChoiceField(
        choices=ContributorRole.choices, default=ContributorRole.AUTHOR.value
    )


_NAME = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}


@extend_schema_field(
    {
        "oneOf": [
            {**_NAME, "description": "An author's name"},
            {
                "type": "object",
                "required": ["name"],
                "additionalProperties": False,
                "properties": {
                    "name": _NAME,
                    "role": {"type": "string", "enum": ContributorRole.values},
                },
            },
        ]
    }
)
class CreditField(serializers.Field):
    """An author's name, or a name with a role."""

    def to_internal_value(self, data: Any) -> Credit:
        """Return the credit; a bare text is an author's name."""
        body = CreditInput(data={"name": data} if isinstance(data, str) else data)
        body.is_valid(raise_exception=True)
        return Credit(**body.validated_data)


class SeriesInput(StrictSerializer):
    """A place in a series, by its name; the number is text ("2.5", "1-3")."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    number = serializers.CharField(max_length=20, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for the name in a PATCH too: half a series is none."""
        if "name" not in attrs:
            raise serializers.ValidationError({"name": [_("This field is required.")]})
        return attrs


class BookInput(StrictSerializer):
    """A whole book: what is left out is empty. The work and its year stay unless given."""

    isbn = serializers.CharField(max_length=40, help_text="ISBN-10 or -13, hyphens or not")
    title = serializers.CharField(max_length=500)
    subtitle = serializers.CharField(max_length=500, allow_blank=True, default="")
    authors = serializers.ListField(child=CreditField(), max_length=_MOST_ROWS, default=list)
    genres = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=BIGGEST_ID),
        max_length=_MOST_ROWS,
        default=list,
    )
    price = serializers.DecimalField(
        10, 2, min_value=0, allow_null=True, help_text="null: shown, not sold"
    )
    description = serializers.CharField(
        max_length=_LONGEST_DESCRIPTION, allow_blank=True, default="", trim_whitespace=True
    )
    publisher = serializers.CharField(
        max_length=LONGEST_NAME, allow_blank=True, allow_null=True, default=""
    )
    published_on = serializers.DateField(allow_null=True, default=None)
    published_precision = serializers.ChoiceField(
        choices=DatePrecision.choices, default=DatePrecision.DAY.value
    )
    language = serializers.RegexField(
        r"^[a-z]{2}$", allow_blank=True, default="", help_text="ISO 639-1"
    )
    format = serializers.ChoiceField(choices=BookFormat.choices, allow_blank=True, default="")
    pages = serializers.IntegerField(
        min_value=1, max_value=_MOST_PAGES, allow_null=True, default=None
    )
    series = SeriesInput(allow_null=True, default=None)
    attributes = serializers.DictField(
        child=serializers.CharField(), default=dict, help_text="More facts: name to text"
    )
    on_sale_on = serializers.DateField(
        allow_null=True, default=None, help_text="Strict: not sold before this day"
    )
    is_preorder_allowed = serializers.BooleanField(
        default=False, help_text="Whether it is sold before its publication date"
    )
    work_id = serializers.IntegerField(
        min_value=1, max_value=BIGGEST_ID, required=False, help_text="Joins other editions"
    )
    first_published_year = serializers.IntegerField(
        min_value=-5000, max_value=3000, allow_null=True, required=False, help_text="Of the work"
    )

    cover = serializers.UUIDField(required=False, help_text="Of a picture sent to /covers")
    cover_url = serializers.RegexField(
        cover_fetches.ADDRESS,
        max_length=cover_fetches.LONGEST_ADDRESS,
        required=False,
        help_text="Instead of it: an https address that a picture is fetched from, soon",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take one cover at most."""
        if "cover" in attrs and "cover_url" in attrs:
            raise serializers.ValidationError({"cover": [_("Send a cover or a cover_url.")]})
        return attrs

    def chosen_cover(self) -> Choice | None:
        """Return the cover that was chosen; None leaves the book the one it has."""
        said = {name: self.validated_data.get(name) for name in _COVER}
        return Choice(**said) if any(said.values()) else None

    def facts(self) -> dict[str, Any]:
        """Return what was said by the names of `BookDraft`; only what was sent, for a PATCH."""
        said = {name: each for name, each in self.validated_data.items() if name not in _COVER}
        if "authors" in said:
            said["credits"] = tuple(said.pop("authors"))
        if "genres" in said:
            said["genre_ids"] = tuple(said.pop("genres"))
        if "publisher" in said:
            said["publisher"] = said["publisher"] or ""
        if "series" in said:
            series = said["series"] or {}
            said["series"] = series.get("name", "")
            said["series_number"] = series.get("number", "")
        return said


class NewBookInput(BookInput):
    """The same with its first copies."""

    stock_quantity = serializers.IntegerField(
        min_value=0, max_value=MOST_COPIES, required=False, help_text="Copies in the warehouse"
    )

    def draft(self) -> BookDraft:
        """Return the book without its copies."""
        facts = self.facts()
        facts.pop("stock_quantity", None)
        return BookDraft(**facts)
