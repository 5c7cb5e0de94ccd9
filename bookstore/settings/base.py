"""Apps, database, cache, templates, static files, the shop's own knobs."""

from urllib.parse import parse_qsl, unquote, urlsplit

from redis.backoff import NoBackoff
from redis.retry import Retry
from whitenoise.compress import Compressor

from bookstore.environment import BASE_DIR, read_environment

ENV = read_environment()

SECRET_KEY = ENV.SECRET_KEY
SECRET_KEY_FALLBACKS = ENV.SECRET_KEY_FALLBACKS
DEBUG = ENV.DEBUG
ALLOWED_HOSTS = ENV.ALLOWED_HOSTS
ROOT_URLCONF = "bookstore.urls"
WSGI_APPLICATION = "bookstore.wsgi.application"

INSTALLED_APPS = [
    "bookstore",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "core.staff.StaffDeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.github",
    "allauth.mfa",
    "core",
    "accounts",
    "catalog",
    "commerce",
    "engagement",
]

MIDDLEWARE = [
    "core.http.middleware.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "core.http.middleware.ContentSecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.http.middleware.PrivatePagesMiddleware",
    "core.http.middleware.RequestGuardMiddleware",
    "core.http.middleware.LateCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.http.middleware.DomainErrorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bookstore.pages.context.shop",
            ],
            "builtins": [
                "core.templatetags.shop",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]


def database_from_url(url: str) -> dict[str, object]:
    """Return Django's DATABASES entry for a PostgreSQL URL (host may be a socket directory)."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": query.pop("port", "") or str(parts.port or ""),
        "OPTIONS": {"connect_timeout": 5, **query},
    }


DATABASES = {"default": database_from_url(ENV.DATABASE_URL)}
# A connection per request costs nine tenths of the reads a second; runserver makes a thread for
# each request, so there a kept connection would never be used again.
DATABASES["default"]["CONN_MAX_AGE"] = 0 if DEBUG or ENV.DATABASE_POOL_SIZE else None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True  # PgBouncer's transaction pooling
if ENV.DATABASE_PREPARED_STATEMENTS:
    # A third more orders a second: most of what PostgreSQL did was planning the same again.
    DATABASES["default"]["OPTIONS"] |= {  # type: ignore[operator]
        "server_side_binding": True,
        "prepare_threshold": 5,
    }
if ENV.DATABASE_POOL_SIZE:
    DATABASES["default"]["OPTIONS"]["pool"] = {  # type: ignore[index]
        "min_size": 2,
        "max_size": ENV.DATABASE_POOL_SIZE,
        "timeout": 5,
    }

REDIS_URL = ENV.REDIS_URL
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": ENV.REDIS_URL,
        "KEY_PREFIX": "bookstore",
        "OPTIONS": {
            "socket_timeout": 0.5,
            "socket_connect_timeout": 0.5,
            "retry": Retry(NoBackoff(), 0),  # the library would try three more times, slowly
        },
    }
}
SESSION_ENGINE = "accounts.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = ["bookstore.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENV.STORE_TIME_ZONE

STATIC_URL = "static/"
STATIC_ROOT = ENV.STATIC_ROOT
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = ENV.MEDIA_ROOT
STORAGES = {
    # A job that is done again writes the same file again.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"allow_overwrite": True},
    },
    # Never served by an address: views hand these files out to whoever may have them.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": ENV.PRIVATE_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Maps of libraries' sources are megabytes that hardly anybody asks for.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

STORE_NAME = ENV.STORE_NAME
STORE_CURRENCY = ENV.STORE_CURRENCY
STORE_COUNTRY = ENV.STORE_COUNTRY
TAX_RATE = ENV.TAX_RATE
PRICES_INCLUDE_TAX = ENV.PRICES_INCLUDE_TAX
FREE_DELIVERY_MINIMUM = ENV.FREE_DELIVERY_MINIMUM
DELIVERY_FEE = ENV.DELIVERY_FEE
PAYMENT_PROVIDER = ENV.PAYMENT_PROVIDER
RATE_LIMITS = ENV.RATE_LIMITS == "on"
TRUSTED_PROXY_COUNT = ENV.TRUSTED_PROXY_COUNT
DEMO = ENV.DEMO

# Links in mails lead here, whatever host a request named.
PUBLIC_URL = ENV.public_url

DEFAULT_FROM_EMAIL = ENV.EMAIL_FROM
SERVER_EMAIL = ENV.EMAIL_FROM
MAILBOX_DIR = ENV.MAILBOX_DIR


def mailer_from_url(url: str) -> dict[str, object]:
    """Return Django's MAILERS entry for smtp(s)://…, or a mailbox of files for an empty URL.

    Connections are encrypted (STARTTLS, or TLS from the start for smtps) and certificates checked;
    only `?tls=off`, for a relay on the same machine or network, sends in the clear.
    """
    if not url:
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(MAILBOX_DIR)},
        }
    parts = urlsplit(url)
    is_tls = parts.scheme == "smtps"
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname or "localhost",
            "port": parts.port or (465 if is_tls else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": not is_tls and dict(parse_qsl(parts.query)).get("tls") != "off",
            "use_ssl": is_tls,
            "timeout": 20,
        },
    }


MAILERS = {"default": mailer_from_url(ENV.EMAIL_URL)}
