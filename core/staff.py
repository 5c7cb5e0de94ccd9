"""The staff desk as an app."""

from django.contrib.admin.apps import AdminConfig


class StaffDeskConfig(AdminConfig):
    """Django's admin with our own site."""

    default_site = "core.admin.site.StaffSite"
