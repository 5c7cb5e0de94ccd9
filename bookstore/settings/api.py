"""The API: envelope, authentication, schema."""

import tomllib
from datetime import timedelta

from bookstore.environment import BASE_DIR
from bookstore.settings.base import ENV

VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["core.http.envelope.EnvelopeRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.http.parsers.GuardedJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.AccessTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "core.http.envelope.JSONOnly",
    "DEFAULT_SCHEMA_CLASS": "core.http.schema.EnvelopeSchema",
    "EXCEPTION_HANDLER": "core.http.problems.api_exception_handler",
    "NON_FIELD_ERRORS_KEY": "non_field_errors",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "NUM_PROXIES": ENV.TRUSTED_PROXY_COUNT,
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": ENV.JWT_SIGNING_KEY,
    "ISSUER": "bookstore",
    "AUDIENCE": "bookstore-api",
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=30),
    "USER_ID_CLAIM": "sub",
    "USER_ID_FIELD": "id",
    "UPDATE_LAST_LOGIN": False,
}
JWT_PREVIOUS_SIGNING_KEYS = ENV.JWT_PREVIOUS_SIGNING_KEYS

SPECTACULAR_SETTINGS = {
    "TITLE": "Bookstore API",
    "DESCRIPTION": """\
One shop, three doors: these endpoints and the pages share the same services.

Success is `{"data": …}`, lists add `pagination`; everything else is `{"error": {"code",
"message", "details", "request_id"}}`. Go by `code`.

`POST /auth/login` gives an `access` token for 15 minutes (`Authorization: Bearer …`) and a
`refresh` token, good once: `POST /auth/refresh` exchanges it for the next pair, and one that
comes back ends the whole sign-in (`TOKEN_REUSED`). 401 `SECOND_FACTOR_REQUIRED` brings a
`challenge` for `POST /auth/login/second-factor`.

The test provider takes the payment methods `tok_visa`, which is paid, and `tok_declined`.
""",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    # Books have roles too (author, translator, …).
    "ENUM_NAME_OVERRIDES": {
        "UserRoleEnum": "core.roles.Role",
        "StockRequestStatusEnum": "catalog.enums.StockRequestStatus",
    },
}
