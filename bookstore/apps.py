"""The composition root as an app: it owns the commands and pages that join several apps."""

from django.apps import AppConfig


class BookstoreConfig(AppConfig):
    """Whatever knows every app: the demo shop, joined pages, URLs."""

    name = "bookstore"
    verbose_name = "Bookstore"
