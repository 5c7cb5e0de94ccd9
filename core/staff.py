"""The staff desk as an app."""

from django.contrib.admin.apps import AdminConfig


class StaffDeskConfig(AdminConfig):
    """Django's admin with our own site."""

    # Not in core.admin: making the site must not import what registers with it.
    default_site = "core.http.staff_site.StaffSite"
