"""The part of the environment that says where files are kept, and where browsers get covers."""

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings

BASE_DIR = Path(__file__).resolve().parent.parent
_PARAMETERS = {"region", "endpoint"}


class StorageEnvironment(BaseSettings):
    """Settings of files; `bookstore.environment` takes them in."""

    MEDIA_ROOT: Path = Field(BASE_DIR / "media", description="Pictures of books, for everybody")
    PRIVATE_ROOT: Path = Field(
        BASE_DIR / "private",
        description="Files of books that staff hand in, shared by web and worker",
    )
    IMPORT_MAX_MB: int = Field(
        200, gt=0, description="Largest file of books that staff may upload, in megabytes"
    )
    MEDIA_STORAGE: str = Field(
        "",
        description="Where covers are kept, for web and worker on every machine: "
        "s3://bucket/folder?region=eu-central-1&endpoint=https://s3.example.com for any service "
        "that speaks S3; empty: the folder MEDIA_ROOT",
    )
    MEDIA_ACCESS_KEY: str = Field(
        "", description="Opens MEDIA_STORAGE; empty: what the machine itself is allowed to"
    )
    MEDIA_SECRET_KEY: str = Field("", description="Goes with MEDIA_ACCESS_KEY")
    MEDIA_PUBLIC_URL: str = Field(
        "",
        pattern=r"^$|^https?://[^\s?#]+$",
        description="Where browsers get covers from, like https://images.example.com: a server in "
        "front of MEDIA_STORAGE or MEDIA_ROOT; empty: the shop itself sends them",
    )

    @field_validator("MEDIA_STORAGE")
    @classmethod
    def _is_a_bucket(cls, value: str) -> str:
        parts = urlsplit(value)
        given = dict(parse_qsl(parts.query))
        endpoint = given.get("endpoint", "https://")
        if value and not (
            parts.scheme == "s3"
            and parts.netloc
            and set(given) <= _PARAMETERS
            and endpoint.startswith(("https://", "http://"))
        ):
            raise ValueError("expected s3://bucket/folder?region=…&endpoint=https://…")
        return value

    @model_validator(mode="after")
    def _media_keys_are_whole(self) -> "StorageEnvironment":
        if bool(self.MEDIA_ACCESS_KEY) != bool(self.MEDIA_SECRET_KEY):
            raise ValueError("MEDIA_ACCESS_KEY and MEDIA_SECRET_KEY go together")
        return self

    @property
    def media_origins(self) -> list[str]:
        """The origin that pages load pictures from beside their own, for the content policy."""
        parts = urlsplit(self.MEDIA_PUBLIC_URL)
        return [f"{parts.scheme}://{parts.netloc}"] if self.MEDIA_PUBLIC_URL else []
