"""Reading JSON that strangers send: size, charset, depth, NUL and surrogates are checked here."""

import json
import re
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser

from core.errors import DomainError, Invalid

MOST_DEPTH = 32
# Strings are matched whole, so that brackets inside them do not count; one that never ends takes
# the rest, so that no text makes the search quadratic.
_BRACKET_OR_STRING = re.compile(r'[\[\]{}]|"(?:[^"\\]|\\.)*+"?', re.DOTALL)


class MalformedRequest(Invalid):
    """Broken or absurd input that no field can be blamed for."""

    code = "MALFORMED_REQUEST"
    sentence = _("The request could not be read: {reason}.")


class TooLarge(DomainError):
    """A body beyond `DATA_UPLOAD_MAX_MEMORY_SIZE` (413)."""

    code = "REQUEST_TOO_LARGE"
    sentence = _("The request is too large.")


class UnsupportedEncoding(DomainError):
    """A packed body (Content-Encoding); small bodies gain nothing and bombs hide in it (415)."""

    code = "UNSUPPORTED_MEDIA_TYPE"
    sentence = _("Send the request unpacked, without Content-Encoding.")


class GuardedJSONParser(JSONParser):
    """JSON in UTF-8, at most a megabyte and `MOST_DEPTH` levels, without NUL or lone surrogates."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the parsed body; raise `MalformedRequest` or `TooLarge`."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            raise MalformedRequest(reason=_("it is not UTF-8")) from None
        if _nesting_exceeds(text, MOST_DEPTH):
            raise MalformedRequest(reason=_("it is nested too deeply"))
        try:
            parsed = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique)
        except ValueError:
            raise MalformedRequest(reason=_("it is not valid JSON")) from None
        # Escapes are the only way for these into decoded UTF-8, so the walk is rarely needed.
        if "\\u" in text or "\x00" in text:
            _refuse_unstorable(parsed)
        return parsed


class GuardedFormParser(MultiPartParser):
    """Forms with files, for the few views that take them (`core.http.uploads.takes_files`)."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the fields and files of the form; raise `MalformedRequest`."""
        try:
            return super().parse(stream, media_type, parser_context)
        except ParseError:
            raise MalformedRequest(reason=_("it is not a valid form")) from None


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedRequest(reason=_("{name} is not a number").format(name=name))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedRequest(reason=_("a key is given twice"))
    return found


def _nesting_exceeds(text: str, limit: int) -> bool:
    if text.count("[") + text.count("{") <= limit:
        return False
    depth = 0
    for found in _BRACKET_OR_STRING.findall(text):
        if found in "[{":
            depth += 1
            if depth > limit:
                return True
        elif found in "]}":
            depth -= 1
    return False


def _refuse_unstorable(value: Any) -> None:
    if isinstance(value, str):
        if is_unstorable(value):
            raise MalformedRequest(reason=_("it holds characters that are not text"))
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_unstorable(key)
            _refuse_unstorable(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_unstorable(item)


def is_unstorable(text: str) -> bool:
    """Whether PostgreSQL could not store the text: a NUL or half a surrogate pair."""
    return "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text)
