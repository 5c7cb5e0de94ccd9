"""Names of languages."""

from functools import lru_cache

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language, to_locale


def language_name(code: str) -> str:
    """Return a language's name in the reader's language; the code itself when nobody knows it."""
    return _named(code, to_locale(get_language() or settings.LANGUAGE_CODE))


@lru_cache(maxsize=1024)
def _named(code: str, locale: str) -> str:
    return str(Locale.parse(locale).languages.get(code, code))
