"""The staff desk (Unfold): title, navigation by job."""

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookstore.settings.base import ENV


def _item(title: Promise, icon: str, model: str) -> dict[str, object]:
    """A link to a model's list, for those whose role may see it."""
    app, name = model.split(".")
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{name}_changelist"),
        "permission": lambda request: request.user.has_perm(f"{app}.view_{name}"),
    }


UNFOLD = {
    "SITE_TITLE": ENV.STORE_NAME,
    "SITE_HEADER": ENV.STORE_NAME,
    "SITE_URL": "/",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("favicon.svg")}
    ],
    # "History" leads to the audit trail.
    "SHOW_HISTORY": lambda request: request.user.has_perm("core.view_auditentry"),
    "SHOW_VIEW_ON_SITE": True,
    "DASHBOARD_CALLBACK": "bookstore.pages.desk.first_page",
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": [
            {
                "title": _("Orders"),
                "items": [
                    _item(_("Orders"), "receipt_long", "commerce.order"),
                    _item(_("Payments"), "payments", "commerce.payment"),
                    _item(_("Delivery slots"), "schedule", "commerce.deliveryslot"),
                ],
            },
            {
                "title": _("Catalogue"),
                "items": [
                    _item(_("Books"), "menu_book", "catalog.book"),
                    _item(_("Works"), "library_books", "catalog.work"),
                    _item(_("Contributors"), "person", "catalog.contributor"),
                    _item(_("Genres"), "category", "catalog.genre"),
                    _item(_("Publishers"), "apartment", "catalog.publisher"),
                    _item(_("Series"), "format_list_numbered", "catalog.series"),
                    _item(_("Staff picks"), "star", "engagement.staffpick"),
                ],
            },
            {
                "title": _("Stock"),
                "items": [
                    _item(_("Inventory"), "inventory_2", "catalog.inventory"),
                    _item(_("Movements"), "swap_vert", "catalog.stockmovement"),
                    _item(_("Branches"), "store", "catalog.branch"),
                ],
            },
            {
                "title": _("People"),
                "items": [
                    _item(_("Users"), "group", "accounts.user"),
                    _item(_("Audit"), "history", "core.auditentry"),
                ],
            },
        ],
    },
}
