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


def _shades(hue: int, lightness_and_chroma: str) -> dict[str, str]:
    """A palette from 50 to 950 as "lightness chroma" pairs of one hue."""
    names = ["50", *(str(hundred) for hundred in range(100, 1000, 100)), "950"]
    pairs = lightness_and_chroma.split(", ")
    return {
        name: f"oklch({pair.replace(' ', '% ')} {hue})"
        for name, pair in zip(names, pairs, strict=True)
    }


UNFOLD = {
    "SITE_TITLE": ENV.STORE_NAME,
    "SITE_HEADER": ENV.STORE_NAME,
    "SITE_URL": "/",
    "SITE_SYMBOL": "menu_book",
    "ACCOUNT": {
        "navigation": [{"title": _("My account"), "link": reverse_lazy("accounts:account")}]
    },
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("favicon.svg")}
    ],
    # The shop's paper and cloth; 600 is read on light, 500 on dark.
    "COLORS": {
        "base": _shades(
            70,
            "98.5 .004, 96.7 .005, 92.8 .008, 87.2 .01, 70.7 .014, 54 .016, 44.6 .016, 37.3 .015, "
            "27.8 .012, 21 .01, 14 .008",
        ),
        "primary": _shades(
            26,
            "97 .015, 94 .03, 88 .06, 82 .085, 78 .1, 73 .115, 45 .135, 40 .125, 34 .1, 29 .08, "
            "21 .05",
        ),
    },
    "SCRIPTS": [lambda request: static("core/desk.js")],
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
