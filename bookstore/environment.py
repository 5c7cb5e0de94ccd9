"""Everything an operator may set, typed and checked in one place.

Values come from the process environment, then `.env`, then `.data/engines.env` and
`.data/secrets.env` (written by the embedded engines of `make run`; lowest priority).
`.env.example` is generated from this table: `python -m bookstore.environment`.
"""

import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from babel.numbers import get_currency_precision, list_currencies
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import NoDecode, SettingsConfigDict

from bookstore.storage_environment import BASE_DIR, StorageEnvironment

EX_CONFIG = 78  # sysexits.h: "configuration error"
LEAST_CHARACTERS_OF_A_SECRET = 10  # different ones
URL_OR_EMPTY = r"^$|^https?://[^\s?#]+$"
# A code must not reach what a browser would run or read, nor travel in the clear.
APP_ADDRESS = (
    r"(?!(?:javascript|data|file|blob|vbscript|about):)"
    r"(?:http://(?:127\.0\.0\.1|\[::1\]|localhost)[:/]|(?!http:)[a-z][a-z0-9+.-]*:/)[^\s#]*"
)
SHORTEST_SIGNING_KEY = 32


class Environment(StorageEnvironment):
    """The shop's settings; a missing or malformed value stops the start with one message."""

    model_config = SettingsConfigDict(
        env_file=(
            BASE_DIR / ".data/engines.env",
            BASE_DIR / ".data/secrets.env",
            BASE_DIR / ".env",
        ),
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    DATABASE_URL: str = Field(
        description="PostgreSQL, e.g. postgresql://user:password@host:5432/bookstore"
    )
    REDIS_URL: str = Field(description="Redis, e.g. redis://host:6379/0 or unix:///path/redis.sock")
    SECRET_KEY: str = Field(
        min_length=50, description="Signs sessions and links; at least 50 random characters"
    )
    SECRET_KEY_FALLBACKS: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="What SECRET_KEY was before, separated by commas: sessions, links and second "
        "factors made with them are still read",
    )
    JWT_SIGNING_KEY: str = Field(
        min_length=SHORTEST_SIGNING_KEY,
        description="Signs access and refresh tokens; at least 32 random characters, "
        "never the same as SECRET_KEY",
    )
    JWT_PREVIOUS_SIGNING_KEYS: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="Keys that signed before, separated by commas: their tokens are still read. "
        "Take one away 30 days after it signed its last",
    )
    DEBUG: bool = Field(False, description="Django's debug pages; never in production")
    DEMO: bool = Field(False, description="Shows the demo logins and test cards; never for real")
    HTTPS: bool = Field(
        True, description="Secure cookies, HSTS and the redirect to https; off only on localhost"
    )
    ALLOWED_HOSTS: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="Host names the shop answers to, separated by commas"
    )
    PUBLIC_URL: str = Field(
        "",
        pattern=r"^$|^https?://[^/\s]+$",
        description="Where links in mails lead, like https://shop.example.com; "
        "empty: the first of ALLOWED_HOSTS",
    )
    PORT: int = Field(8000, ge=1, le=65535, description="Port of `make run`")
    TRUSTED_PROXY_COUNT: int = Field(
        0, ge=0, le=5, description="Proxies in front that append to X-Forwarded-For"
    )
    DATABASE_POOL_SIZE: int = Field(
        0,
        ge=0,
        le=64,
        description="Connections per process; 0 keeps one for each thread. "
        "Processes x this must stay below PostgreSQL's max_connections",
    )
    DATABASE_PREPARED_STATEMENTS: bool = Field(
        True,
        description="Plan repeated statements once per connection; "
        "off behind a pooler that cannot keep them (PgBouncer before 1.21)",
    )
    STORE_NAME: str = Field("Folio & Leaf", description="The shop's name on pages and in mails")
    STORE_CURRENCY: str = Field("ILS", description="ISO 4217; two-decimal currencies only")
    STORE_COUNTRY: str = Field(
        "IL", pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2, preset in address forms"
    )
    STORE_TIME_ZONE: str = Field("Asia/Jerusalem", description="IANA name; dates on pages use it")
    TAX_RATE: Decimal = Field(
        Decimal(0), ge=0, lt=100, description="Percent, contained in or added to prices"
    )
    PRICES_INCLUDE_TAX: bool = Field(True, description="Whether catalogue prices contain the tax")
    FREE_DELIVERY_MINIMUM: Decimal = Field(
        Decimal(150), ge=0, description="A subtotal of at least this is delivered free"
    )
    DELIVERY_FEE: Decimal = Field(Decimal(30), ge=0, description="Fee below that subtotal")
    PAYMENT_PROVIDER: Literal["mock"] = Field(
        "mock", description="Who takes the money; only the test provider exists so far"
    )
    RATE_LIMITS: Literal["on", "off"] = Field("on", description="off for load tests only")
    PASSWORD_CHECKS_PER_MINUTE: int = Field(
        600,
        ge=10,
        description="Passwords hashed for strangers in the whole shop, as many again at most for "
        "browsers that signed in before; 600 keep a third of two cores busy",
    )
    EMAIL_URL: str = Field(
        "",
        description="smtp://user:password@host:587 (STARTTLS), smtps://… or empty: mails become "
        "files in MAILBOX_DIR; ?tls=off for a relay next door",
    )
    EMAIL_FROM: str = Field("shop@example.com", description="Sender of the shop's mails")
    MAILBOX_DIR: Path = Field(
        BASE_DIR / ".data/mailbox", description="Where mails go while EMAIL_URL is empty"
    )
    EMAIL_VERIFICATION: Literal["optional", "mandatory"] = Field(
        "optional",
        description="mandatory: what EMAIL_VERIFICATION_FOR names needs a confirmed address",
    )
    EMAIL_VERIFICATION_FOR: Annotated[list[Literal["sign_in", "checkout"]], NoDecode] = Field(
        ["sign_in", "checkout"],
        description="sign_in, checkout or both, separated by commas; "
        "counts while EMAIL_VERIFICATION=mandatory",
    )
    STAFF_SECOND_FACTOR: Literal["optional", "required"] = Field(
        "optional", description="required: staff without one act as customers until they add it"
    )
    GOOGLE_CLIENT_ID: str = Field("", description="Sign-in with Google; empty: not offered")
    GOOGLE_CLIENT_SECRET: str = Field("", description="Goes with GOOGLE_CLIENT_ID")
    GOOGLE_URL: str = Field(
        "",
        pattern=URL_OR_EMPTY,
        description="Another OpenID Connect server in Google's place, for tests; empty: Google",
    )
    GITHUB_CLIENT_ID: str = Field("", description="Sign-in with GitHub; empty: not offered")
    GITHUB_CLIENT_SECRET: str = Field("", description="Goes with GITHUB_CLIENT_ID")
    GITHUB_URL: str = Field(
        "",
        pattern=URL_OR_EMPTY,
        description="GitHub Enterprise's address, or another server in tests; empty: GitHub",
    )
    OAUTH_APP_REDIRECTS: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="Addresses of apps (bookstore://signed-in) that may receive the one-time code "
        "of a sign-in with Google or GitHub, separated by commas",
    )
    STATIC_ROOT: Path = Field(BASE_DIR / "staticfiles", description="Built static files")
    LOG_FORMAT: Literal["json", "console"] = Field("json", description="How log lines look")
    LOG_LEVEL: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Threshold")

    @field_validator(
        "ALLOWED_HOSTS",
        "SECRET_KEY_FALLBACKS",
        "JWT_PREVIOUS_SIGNING_KEYS",
        "EMAIL_VERIFICATION_FOR",
        "OAUTH_APP_REDIRECTS",
        mode="before",
    )
    @classmethod
    def _split_at_commas(cls, value: Any) -> Any:
        if isinstance(value, str):
            return [item.strip() for item in value.split(",") if item.strip()]
        return value

    @field_validator("DATABASE_URL")
    @classmethod
    def _is_postgresql(cls, value: str) -> str:
        if not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("only PostgreSQL is supported: postgresql://…")
        return value

    @field_validator("REDIS_URL")
    @classmethod
    def _is_redis(cls, value: str) -> str:
        if not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("expected redis://, rediss:// or unix://")
        return value

    @field_validator("STORE_CURRENCY")
    @classmethod
    def _has_two_decimals(cls, value: str) -> str:
        if value not in list_currencies() or get_currency_precision(value) != 2:
            raise ValueError("not a currency with two decimals")
        return value

    @field_validator("STORE_TIME_ZONE")
    @classmethod
    def _is_time_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("not an IANA time zone like Europe/Berlin")
        return value

    @field_validator("EMAIL_URL")
    @classmethod
    def _is_smtp(cls, value: str) -> str:
        if value and not value.startswith(("smtp://", "smtps://")):
            raise ValueError("expected smtp:// or smtps://")
        return value

    @field_validator("OAUTH_APP_REDIRECTS")
    @classmethod
    def _are_addresses_of_apps(cls, value: list[str]) -> list[str]:
        wrong = [address for address in value if not re.fullmatch(APP_ADDRESS, address)]
        if wrong:
            raise ValueError(f"not addresses of apps, like bookstore://signed-in: {wrong}")
        return value

    @model_validator(mode="after")
    def _providers_are_whole(self) -> "Environment":
        for name in ("GOOGLE", "GITHUB"):
            halves = [getattr(self, f"{name}_CLIENT_{half}") for half in ("ID", "SECRET")]
            if any(halves) and not all(halves):
                raise ValueError(f"{name}_CLIENT_ID and {name}_CLIENT_SECRET go together")
        return self

    @model_validator(mode="after")
    def _keys_are_secret(self) -> "Environment":
        if self.JWT_SIGNING_KEY == self.SECRET_KEY:
            raise ValueError("JWT_SIGNING_KEY must differ from SECRET_KEY")
        for key in self.JWT_PREVIOUS_SIGNING_KEYS:
            if len(key) < SHORTEST_SIGNING_KEY or key in (self.SECRET_KEY, self.JWT_SIGNING_KEY):
                raise ValueError(
                    "JWT_PREVIOUS_SIGNING_KEYS are keys that signed before: at least "
                    f"{SHORTEST_SIGNING_KEY} characters, neither SECRET_KEY nor JWT_SIGNING_KEY"
                )
        for name in ("SECRET_KEY", "JWT_SIGNING_KEY"):
            characters = len(set(getattr(self, name)))
            if characters < LEAST_CHARACTERS_OF_A_SECRET and not (self.DEBUG or self.DEMO):
                raise ValueError(f"{name} is no secret: make it of random characters")
        return self

    @property
    def public_url(self) -> str:
        """Where links in mails lead: PUBLIC_URL, else made of the first host and the port."""
        if self.PUBLIC_URL:
            return self.PUBLIC_URL
        host = next((host for host in self.ALLOWED_HOSTS if "*" not in host), "localhost")
        return f"https://{host}" if self.HTTPS else f"http://{host}:{self.PORT}"


def read_environment() -> Environment:
    """Return the settings, or print every problem at once and exit with status 78."""
    try:
        return Environment()  # type: ignore[call-arg]  # pydantic-settings fills it
    except ValidationError as error:
        lines = [_line_about(problem) for problem in error.errors()]
        message = "The shop's settings are not right:\n" + "\n".join(lines)
        print(f"{message}\nSee .env.example for what each one means.", file=sys.stderr)
        raise SystemExit(EX_CONFIG) from None


def _line_about(problem: ErrorDetails) -> str:
    # What concerns several settings at once has no place, and names them itself.
    place = ".".join(map(str, problem["loc"]))
    sentence = problem["msg"].removeprefix("Value error, ")
    return f"  {place}: {sentence}" if place else f"  {sentence}"


def example_file() -> str:
    """Return the text of `.env.example`: every setting, what it means, its default."""
    parts = ["# Copy to .env and fill in. Made by `python -m bookstore.environment`."]
    fields = Environment.model_fields.items()
    # Where files are kept comes last.
    for name, field in sorted(fields, key=lambda pair: pair[0] in StorageEnvironment.model_fields):
        required = field.is_required()
        default = field.get_default(call_default_factory=True)
        if isinstance(default, Path):
            default = default.relative_to(BASE_DIR)
        if isinstance(default, list):
            default = ",".join(default)
        if isinstance(default, bool):
            default = str(default).lower()
        comment = f"# {field.description}{' (required)' if required else ''}"
        line = f"{name}=" if required else f"#{name}={default}"
        parts.append(f"\n{comment}\n{line}")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    print(example_file(), end="")
