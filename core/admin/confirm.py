"""What changes many rows asks for a typed word first."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

# Up to so many rows a button is enough.
FEW = 20
WORD = _("change")


def word_for(rows: int) -> str:
    """Return the word that has to be typed before so many rows are changed; "" for none."""
    return str(WORD) if rows > FEW else ""


def is_confirmed(request: HttpRequest, rows: int) -> bool:
    """Whether the form was sent with the word, where one is asked for."""
    word = word_for(rows)
    return not word or request.POST.get("word", "").strip().lower() == word.lower()
