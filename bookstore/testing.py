"""Settings of the test run: the same engines, quick password hashes, mails kept in memory.

Outside `bookstore.settings`, because that package reads the environment when it is imported, and
here the environment is made first.
"""

import os
import uuid
from pathlib import Path

from bookstore import embedded

if "DATABASE_URL" not in os.environ or "REDIS_URL" not in os.environ:
    _engines = embedded.start(Path(__file__).resolve().parent.parent / ".data" / "test")
    os.environ["DATABASE_URL"] = _engines.database_url
    os.environ["REDIS_URL"] = _engines.redis_url
# What a developer's .env says must not decide whether tests pass.
os.environ |= {
    "SECRET_KEY": "test-" * 12,
    "JWT_SIGNING_KEY": "signing-" * 8,
    "DEBUG": "false",
    "DEMO": "true",
    "HTTPS": "false",
    "TAX_RATE": "18",
    "STORE_CURRENCY": "ILS",
    "FREE_DELIVERY_MINIMUM": "150",
    "DELIVERY_FEE": "30",
    "PRICES_INCLUDE_TAX": "true",
    "TRUSTED_PROXY_COUNT": "0",
    "STORE_NAME": "Folio & Leaf",
    "STORE_COUNTRY": "IL",
    "STORE_TIME_ZONE": "Asia/Jerusalem",
    "PAYMENT_PROVIDER": "mock",
    "PUBLIC_URL": "http://shop.test",
    "EMAIL_VERIFICATION": "optional",
    "STAFF_SECOND_FACTOR": "optional",
    "DATABASE_POOL_SIZE": "0",
    "DATABASE_PREPARED_STATEMENTS": "true",
    "RATE_LIMITS": "on",
    "LOG_LEVEL": "WARNING",
    "LOG_FORMAT": "json",
}

from bookstore.settings import *
from bookstore.settings.base import CACHES, DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "private": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Ids begin anew with every database; what an earlier run remembered is of other books.
CACHES["default"]["KEY_PREFIX"] = f"test-{uuid.uuid4().hex}"
MEDIA_URL = "/media/"
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
RATE_LIMITS = False  # the limiter's own tests switch it on
WHITENOISE_AUTOREFRESH = True
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("TEST_DATABASE_NAME", "test_bookstore")}
# Nobody vouches for anybody till a test's own server does (tests/fixtures/identity.py).
SIGN_IN_PROVIDERS = {
    name: {"client_id": "", "client_secret": "", "url": ""} for name in ("google", "github")
}
OAUTH_APP_REDIRECTS = []
