"""The staff desk (Unfold): title, navigation by job."""

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookstore.settings.base import BASE_DIR, ENV


def _list(title: Promise, icon: str, model: str, badge: str = "") -> dict[str, object]:
    """A link to a model's list, for those whose role may see it."""
    app, name = model.split(".")
    page = f"admin:{app}_{name}_changelist"
    return _page(title, icon, page, f"{app}.view_{name}", badge)


def _page(
    title: Promise, icon: str, page: str, permission: str, badge: str = ""
) -> dict[str, object]:
    """A link to a page of the desk, for those with a permission; `badge` is a kind of work."""
    item: dict[str, object] = {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(page),
        "permission": lambda request: request.user.has_perm(permission),
    }
    return item | ({"badge": f"bookstore.pages.desk_work.{badge}"} if badge else {})


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
    "STYLES": [lambda request: static("core/desk.css")],
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
                "title": _("Day by day"),
                "items": [
                    {"title": _("Today"), "icon": "today", "link": reverse_lazy("admin:index")},
                    _list(_("Orders"), "receipt_long", "commerce.order", "pick"),
                    _list(_("Payments"), "payments", "commerce.payment"),
                    _page(
                        _("Receiving"),
                        "barcode_scanner",
                        "admin:catalog_receiving",
                        "catalog.add_stockmovement",
                    ),
                    _list(_("Stock requests"), "move_to_inbox", "catalog.stockrequest", "requests"),
                ],
            },
            {
                "title": _("Catalogue"),
                "items": [
                    _list(_("Books"), "menu_book", "catalog.book"),
                    _list(_("Works"), "library_books", "catalog.work"),
                    _list(_("Contributors"), "person", "catalog.contributor"),
                    _list(_("Genres"), "category", "catalog.genre"),
                    _list(_("Publishers"), "apartment", "catalog.publisher"),
                    _list(_("Series"), "format_list_numbered", "catalog.series"),
                    _list(_("Covers"), "image", "catalog.cover", "covers"),
                    _list(_("Price edits"), "sell", "catalog.priceedit"),
                    _list(_("Staff picks"), "star", "engagement.staffpick"),
                ],
            },
            {
                "title": _("Stock"),
                "items": [
                    _list(_("Inventory"), "inventory_2", "catalog.inventory"),
                    _list(_("Movements"), "swap_vert", "catalog.stockmovement"),
                ],
            },
            {
                "title": _("Imports and exports"),
                "items": [
                    _list(_("Imports"), "upload_file", "catalog.importrun", "imports"),
                    _page(
                        _("Export the catalogue"),
                        "download",
                        "admin:catalog_catalogue_export",
                        "catalog.view_book",
                    ),
                ],
            },
            {
                "title": _("People"),
                "items": [
                    _list(_("Customers and staff"), "group", "accounts.user"),
                    _list(_("Audit"), "history", "core.auditentry"),
                ],
            },
            {
                "title": _("Settings"),
                "items": [
                    _list(_("Branches"), "store", "catalog.branch"),
                    _list(_("Delivery slots"), "schedule", "commerce.deliveryslot"),
                    _list(_("Subject codes"), "qr_code", "catalog.genrecode"),
                ],
            },
            {
                "title": _("Help"),
                "items": [
                    {
                        "title": _("Guide"),
                        "icon": "help",
                        "link": reverse_lazy("admin:guide", args=["welcome"]),
                    }
                ],
            },
        ],
    },
}

# What the palette offers to do, beside pages and rows.
DESK_ACTIONS = [
    _page(_("New book"), "add", "admin:catalog_book_add", "catalog.add_book"),
    _page(_("New import"), "upload_file", "admin:catalog_importrun_add", "catalog.add_importrun"),
    _page(
        _("Set stock"),
        "inventory_2",
        "admin:catalog_inventory_changelist",
        "catalog.change_inventory",
    ),
    _page(
        _("Ask for stock"),
        "move_to_inbox",
        "admin:catalog_stockrequest_add",
        "catalog.add_stockrequest",
    ),
    _page(
        _("Receive goods"),
        "barcode_scanner",
        "admin:catalog_receiving",
        "catalog.add_stockmovement",
    ),
    _page(_("Change prices"), "sell", "admin:catalog_priceedit_add", "catalog.add_priceedit"),
]

# The guide's pages, which /admin/guide/ shows.
STAFF_GUIDE = BASE_DIR / "docs" / "staff"
