"""The catalogue: books, branches, stock."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """What is sold and where it stands."""

    name = "catalog"
    verbose_name = _("Catalogue")
