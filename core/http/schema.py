"""OpenAPI that tells the truth about the envelope."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

PAGE_PARAMETERS = [
    OpenApiParameter("page", int, description="From 1"),
    OpenApiParameter("size", int, description="1 to 100"),
    OpenApiParameter("limit", int, description="1 to 100; with offset instead of page and size"),
    OpenApiParameter("offset", int, description="From 0"),
]

ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "details", "request_id"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "details": {"type": "object", "additionalProperties": True},
                "request_id": {"type": "string"},
            },
        }
    },
}

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

_COMMON_ERRORS = {
    "400": "Malformed or invalid input",
    "401": "No or bad credentials",
    "403": "Not allowed",
    "404": "Not found",
    "405": "Method not allowed",
    "409": "Business conflict",
    "413": "Body too large",
    "415": "Body is not JSON",
    "429": "Too many requests",
    "500": "Our fault",
    "503": "Busy or down; try again",
}


class EnvelopeSchema(AutoSchema):
    """Wraps every success in `data` (and `pagination` on lists) and names the error envelope."""

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        responses = super()._get_response_bodies(direction)
        for status, response in responses.items():
            for media in response.get("content", {}).values():
                if media.get("schema") and status.startswith("2"):
                    media["schema"] = self._wrapped(media["schema"])
        for status, description in _COMMON_ERRORS.items():
            responses.setdefault(
                status,
                {
                    "description": description,
                    "content": {"application/json": {"schema": ERROR_SCHEMA}},
                },
            )
        return responses

    def _wrapped(self, schema: dict[str, Any]) -> dict[str, Any]:
        properties: dict[str, Any] = {"data": schema}
        if schema.get("type") == "array":
            properties["pagination"] = PAGINATION_SCHEMA
        return {"type": "object", "required": ["data"], "properties": properties}
