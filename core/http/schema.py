"""OpenAPI that tells the truth about the envelope."""

from collections.abc import Iterator
from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter

from core.errors import DomainError
from core.http.problems import CODES

PAGE_PARAMETERS = [
    OpenApiParameter("page", int, description="From 1"),
    OpenApiParameter("size", int, description="1 to 100"),
    OpenApiParameter("limit", int, description="1 to 100; with offset instead of page and size"),
    OpenApiParameter("offset", int, description="From 0"),
]

PAGINATION_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["page", "size", "total", "pages", "next", "previous"],
    "properties": {
        "page": {"type": "integer"},
        "size": {"type": "integer"},
        "total": {"type": "integer"},
        "pages": {"type": "integer"},
        "next": {"type": ["string", "null"]},
        "previous": {"type": ["string", "null"]},
        "limit": {"type": "integer"},
        "offset": {"type": "integer"},
        "total_is_exact": {"type": "boolean"},
    },
}

_ALWAYS = {
    "400": "Malformed or invalid input",
    "404": "Not found, or a page past the end",
    "429": "Too many requests; Retry-After says when to come back",
    "500": "Our fault",
    "503": "Busy or down; Retry-After says when to come back",
}
_WITH_CREDENTIALS = {
    "401": "No credentials, or none that are good",
    "403": "Known, but not allowed",
}
_WITH_BODY = {
    "409": "The state of things forbids it now",
    "413": "Body too large",
    "415": "Body is not JSON, or packed",
}


class EnvelopeSchema(AutoSchema):
    """Wraps every success in `data` (and `pagination` on lists) and names the error envelope."""

    def get_summary(self) -> str:
        """Return the first line of what the operation does: all that a closed list shows of it."""
        return str(self.get_description()).partition("\n")[0].removesuffix(".")

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        responses = super()._get_response_bodies(direction)
        for status, response in responses.items():
            for media in response.get("content", {}).values():
                if media.get("schema") and status.startswith("2"):
                    media["schema"] = self._wrapped(media["schema"])
        for status, description in self._errors().items():
            responses.setdefault(status, {"description": description})
        error = {"application/json": {"schema": self._component("Error", error_schema())}}
        for status, response in responses.items():
            if status >= "400":
                response["content"] = error
        return responses

    def _errors(self) -> dict[str, str]:
        errors = dict(_ALWAYS)
        if self.method != "GET":
            errors |= _WITH_BODY | _WITH_CREDENTIALS
        elif self.view.get_authenticators():  # a read without any can refuse nobody
            errors |= _WITH_CREDENTIALS
        return errors

    def _wrapped(self, schema: dict[str, Any]) -> dict[str, Any]:
        properties: dict[str, Any] = {"data": schema}
        if schema.get("type") == "array":
            properties["pagination"] = self._component("Pagination", PAGINATION_SCHEMA)
        return {"type": "object", "required": ["data"], "properties": properties}

    def _component(self, name: str, schema: dict[str, Any]) -> dict[str, Any]:
        component = ResolvedComponent(
            name=name, type=ResolvedComponent.SCHEMA, schema=schema, object=name
        )
        self.registry.register_on_missing(component)
        return component.ref


def error_schema() -> dict[str, Any]:
    """Return the schema of the error envelope, with every code that any app can answer."""
    return {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message", "details", "request_id"],
                "properties": {
                    "code": {"type": "string", "enum": error_codes()},
                    "message": {"type": "string", "description": "For people, in their language"},
                    "details": {"type": "object", "additionalProperties": True},
                    "request_id": {"type": "string"},
                },
            }
        },
    }


def error_codes() -> list[str]:
    """Return the code of every situation that the apps know, and of every plain status."""
    situations = {kind.code for kind in _kinds(DomainError) if kind is not DomainError}
    return sorted({*situations, *CODES.values()})


def _kinds(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    yield kind
    for special in kind.__subclasses__():
        yield from _kinds(special)
