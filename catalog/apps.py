"""The catalogue: books, branches, stock."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import invariants, policy
from core.roles import Role


class CatalogConfig(AppConfig):
    """What is sold and where it stands."""

    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        """Declare what must always hold, who may see and change what, what is personal."""
        from catalog import privacy
        from catalog.selectors import row_names

        privacy.declare()
        row_names.declare()
        for name, promise, breaches_sql in _INVARIANTS:
            invariants.register(name, promise, breaches_sql)
        for model in _SEEN_BY_EMPLOYEES:
            policy.grant(Role.EMPLOYEE, f"catalog.{model}", policy.VIEW)
        for model, actions in _MANAGED.items():
            policy.grant(Role.MANAGER, f"catalog.{model}", actions)
        policy.grant(Role.EMPLOYEE, "catalog.stockrequest", ("view", "add"))
        # Receiving goods; employees need a branch for it, too.
        policy.grant(Role.EMPLOYEE, "catalog.stockmovement", ("add",))


_INVARIANTS = [
    (
        "stock_not_negative",
        "no branch has fewer than no copies of a book",
        "SELECT id, book_id, branch_id, quantity FROM catalog_inventory WHERE quantity < 0",
    ),
    (
        "stock_equals_movements",
        "a branch's copies of a book are the sum of its movements",
        """
        SELECT i.id, i.book_id, i.branch_id, i.quantity, coalesce(m.total, 0)
        FROM catalog_inventory i
        LEFT JOIN (
            SELECT inventory_id, sum(delta) AS total FROM catalog_stockmovement GROUP BY 1
        ) m ON m.inventory_id = i.id
        WHERE i.quantity <> coalesce(m.total, 0)
        """,
    ),
    (
        "in_stock_flag_true",
        "a book says it is in stock exactly while an active branch has a copy",
        """
        SELECT b.id, b.isbn13, b.is_in_stock
        FROM catalog_book b
        WHERE b.is_in_stock <> EXISTS (
            SELECT FROM catalog_inventory i JOIN catalog_branch s ON s.id = i.branch_id
            WHERE i.book_id = b.id AND i.quantity > 0 AND s.is_active AND s.deleted_at IS NULL
        )
        """,
    ),
]

_SEEN_BY_EMPLOYEES = [
    "book",
    "bookcontributor",
    "bookgenre",
    "branch",
    "contributor",
    "cover",
    "genre",
    "genrecode",
    "inventory",
    "publisher",
    "series",
    "stockmovement",
    "work",
]

# Books, genres and branches are withdrawn, never deleted; the ledger is nobody's to write.
_MANAGED = {
    "book": policy.EDIT,
    "bookcontributor": policy.FULL,
    "bookgenre": policy.FULL,
    "branch": policy.EDIT,
    "branchstaff": policy.FULL,
    "contributor": policy.FULL,
    "cover": policy.FULL,
    "genre": policy.EDIT,
    "genrecode": policy.FULL,
    "importrun": policy.EDIT,
    "inventory": policy.EDIT,
    "priceedit": policy.EDIT,
    "publisher": policy.FULL,
    "series": policy.FULL,
    "stockrequest": policy.EDIT,
    "work": policy.FULL,
}
