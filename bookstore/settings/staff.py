"""The staff desk (Unfold): title, navigation by job."""

from django.templatetags.static import static
from django.urls import reverse_lazy

from bookstore.settings.base import ENV


def _item(title: str, icon: str, view: str) -> dict[str, object]:
    app_model = view.removeprefix("admin:").removesuffix("_changelist").replace("_", ".", 1)
    app, model = app_model.split(".")
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(view),
        "permission": lambda request: request.user.has_perm(f"{app}.view_{model}"),
    }


UNFOLD = {
    "SITE_TITLE": ENV.STORE_NAME,
    "SITE_HEADER": ENV.STORE_NAME,
    "SITE_URL": "/",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/favicon.svg")}
    ],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": True,
    "COMMAND": {"search_models": True, "show_history": False},
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "title": "Orders",
                "items": [
                    _item("Orders", "receipt_long", "admin:commerce_order_changelist"),
                    _item("Payments", "payments", "admin:commerce_payment_changelist"),
                    _item("Delivery slots", "schedule", "admin:commerce_deliveryslot_changelist"),
                ],
            },
            {
                "title": "Catalogue",
                "items": [
                    _item("Books", "menu_book", "admin:catalog_book_changelist"),
                    _item("Works", "library_books", "admin:catalog_work_changelist"),
                    _item("Contributors", "person", "admin:catalog_contributor_changelist"),
                    _item("Genres", "category", "admin:catalog_genre_changelist"),
                    _item("Publishers", "apartment", "admin:catalog_publisher_changelist"),
                    _item("Series", "format_list_numbered", "admin:catalog_series_changelist"),
                    _item("Staff picks", "star", "admin:engagement_staffpick_changelist"),
                ],
            },
            {
                "title": "Stock",
                "items": [
                    _item("Inventory", "inventory_2", "admin:catalog_inventory_changelist"),
                    _item("Movements", "swap_vert", "admin:catalog_stockmovement_changelist"),
                    _item("Branches", "store", "admin:catalog_branch_changelist"),
                ],
            },
            {
                "title": "People",
                "items": [
                    _item("Users", "group", "admin:accounts_user_changelist"),
                    _item("Audit", "history", "admin:core_auditentry_changelist"),
                ],
            },
        ],
    },
}
