"""The shop's database and Django, and nothing else: no middleware, no templates, no sessions."""

from bookstore.settings import base

SECRET_KEY = base.SECRET_KEY
DATABASES = base.DATABASES
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.bare.urls"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "accounts", "catalog"]
AUTH_USER_MODEL = "accounts.User"
MIDDLEWARE: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
