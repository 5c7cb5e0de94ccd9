"""Cookies, HTTPS, passwords and the content security policy."""

from bookstore.settings.base import ENV

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.RoleBackend"]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "accounts.gateways.hashers.ShopPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SECURE_SSL_REDIRECT = ENV.HTTPS
SECURE_REDIRECT_EXEMPT = [r"^api/v1/health"]  # orchestrators ask inside the network, by http
SECURE_HSTS_SECONDS = 31_536_000 if ENV.HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENV.HTTPS
SECURE_HSTS_PRELOAD = ENV.HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SESSION_COOKIE_AGE = 14 * 86_400  # seconds
SESSION_COOKIE_SECURE = ENV.HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if ENV.HTTPS else "session"
CSRF_COOKIE_SECURE = ENV.HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if ENV.HTTPS else "csrf"
CSRF_FAILURE_VIEW = "core.http.pages.csrf_failure"

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes; JSON and forms alike
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
IMPORT_MOST_BYTES = ENV.IMPORT_MAX_MB * 1_000_000  # a file of books, at the desk

SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", *ENV.media_origins],
    "connect-src": ["'self'"],
    "font-src": ["'none'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "manifest-src": ["'self'"],
}
# Unfold evaluates Alpine expressions and sets inline styles; nothing outside /admin/ may.
STAFF_CSP = SECURE_CSP | {
    "script-src": ["'self'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "font-src": ["'self'"],
}
# Even opened on its own a picture runs nothing, loads nothing and belongs to no site.
PICTURE_CSP = {"default-src": ["'none'"], "frame-ancestors": ["'none'"], "sandbox": True}
