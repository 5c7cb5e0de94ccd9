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
    _declare_work_of_staff()


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
        "attributes on_sale_on is_preorder_allowed is_in_stock version created_at updated_at "
        "deleted_at",
    )
    for model, columns in {
        "Work": "id title first_published_year",
        "Publisher": "id name slug",
        "Series": "id name slug",
        "Genre": "id name slug parent position deleted_at",
        "BookContributor": "id book contributor role position",
        "BookGenre": "id book genre",
        "BookSearchDocument": "book document",
        "GenreCode": "id scheme code genre",
        "FeedRecord": "id reference book",
        "DatedPrice": "id book amount from_on until_on",
        "PriceChange": "id edit book old_price new_price",
        "ImportRejection": "id run row isbn code reason",
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
    privacy.classify_impersonal(
        "catalog.StockRequest",
        why="what branches asked for; it names who asked and who decided by id",
        references="requested_by_id reviewed_by_id",
        other="id book branch type quantity reason status note created_at reviewed_at",
    )


def _declare_work_of_staff() -> None:
    privacy.classify_impersonal(
        "catalog.ImportRun",
        why="files of books; it names who brought one by id",
        references="actor_id",
        other="id filename stored_as format sha256 size state fills_gaps_only rows_done "
        "bytes_done counts preview error created_at started_at beat_at finished_at",
    )
    privacy.classify_impersonal(
        "catalog.PriceEdit",
        why="changes of many prices at once; it names whoever made one by id",
        references="actor_id",
        other="id rule created_at undone_at",
    )
    privacy.classify_impersonal(
        "catalog.Cover",
        why="pictures of books; it names whoever brought one by id",
        references="actor_id",
        other="id book key state source_url refusal width height created_at",
    )
