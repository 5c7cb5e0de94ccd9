"""Commerce: carts, checkout, orders, payments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommerceConfig(AppConfig):
    """How books become orders."""

    name = "commerce"
    verbose_name = _("Orders")
