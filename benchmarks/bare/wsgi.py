"""The WSGI callable of the yardstick."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.bare.settings"

django.setup(set_prefix=False)
# After the start, at which some apps look for theirs.
settings.MIDDLEWARE = []

application = WSGIHandler()
