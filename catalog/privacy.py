"""What the catalogue's tables hold about people: hardly anything."""

from catalog.selectors import personal_data
from catalog.services import erasure
from core import privacy


def declare() -> None:
    """Put the catalogue's tables into the registry (called once, when the app is ready)."""
    privacy.classify(
        "catalog.BranchStaff",
        why="which branches an employee works in",
        section="branches",
        personal="branch",
        references="user",
        other="id",
    )
    privacy.export("branches", personal_data.branches_of)
    privacy.erasure("catalog", erase=erasure.erase_person)
    _declare_books()
    _declare_stock()


def _declare_books() -> None:
    books = "books as they are published"
    privacy.classify(
        "catalog.Contributor",
        why="who made a book, as its title page says",
        whose="authors",
        fate=privacy.Fate.KEPT,
        personal="name sort_name biography",
        other="id slug",
    )
    privacy.classify_impersonal(
        "catalog.Book",
        why=books,
        other="id work isbn13 title subtitle sort_title sort_author slug description price "
        "publisher published_on published_precision language format pages series series_number "
        "is_in_stock version created_at updated_at deleted_at",
    )
    for model, columns in {
        "Work": "id title first_published_year",
        "Publisher": "id name slug",
        "Series": "id name slug",
        "Genre": "id name slug parent position deleted_at",
        "BookContributor": "id book contributor role position",
        "BookGenre": "id book genre",
        "BookSearchDocument": "book document",
    }.items():
        privacy.classify_impersonal(f"catalog.{model}", why=books, other=columns)


def _declare_stock() -> None:
    privacy.classify_impersonal(
        "catalog.Branch",
        why="the chain's own shops",
        other="id name slug address phone is_warehouse is_active opening_hours deleted_at",
    )
    privacy.classify_impersonal(
        "catalog.Inventory", why="copies on shelves", other="id book branch quantity"
    )
    privacy.classify_impersonal(
        "catalog.StockMovement",
        why="the ledger of copies; append-only, it names whoever moved them by id",
        references="reference actor_id",
        other="id inventory delta reason created_at",
    )
