"""The WSGI callable that gunicorn serves."""

import os

import django

from core.http.handler import ShopHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bookstore.settings")
django.setup(set_prefix=False)

application = ShopHandler()
