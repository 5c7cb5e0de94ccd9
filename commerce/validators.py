"""Field rules that the pages and the API share."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

# An address is printed on labels and read out to drivers: one line, only what can be seen.
one_printable_line = RegexValidator(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029]",
    message=_("Write this on one line, without control characters."),
    inverse_match=True,
)
