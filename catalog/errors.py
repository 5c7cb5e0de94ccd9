"""What may go wrong in the catalogue, with the words for it."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Gone, Invalid, NotFound


class BookNotFound(NotFound):
    """No book has this id or ISBN."""

    code = "BOOK_NOT_FOUND"
    sentence = _("We could not find this book.")


class BookWithdrawn(Gone):
    """The book is no longer in the catalogue; its id stays its own. Data: `book_id`."""

    code = "BOOK_NOT_FOUND"
    sentence = _("This book is no longer in our catalogue.")


class WorkNotFound(NotFound):
    """No work has this id, or no edition this ISBN."""

    code = "WORK_NOT_FOUND"
    sentence = _("We could not find this work.")


class GenreNotFound(NotFound):
    """No genre has this id or address."""

    code = "GENRE_NOT_FOUND"
    sentence = _("We could not find this genre.")


class AuthorNotFound(NotFound):
    """No contributor has this id."""

    code = "AUTHOR_NOT_FOUND"
    sentence = _("We could not find this author.")


class BranchNotFound(NotFound):
    """No branch has this id."""

    code = "BRANCH_NOT_FOUND"
    sentence = _("We could not find this branch.")


class BookDuplicateIsbn(Conflict):
    """Another book has this ISBN. Data: `isbn13`, `book_id`, `is_withdrawn`."""

    code = "BOOK_DUPLICATE_ISBN"
    sentence = _("There is a book with the ISBN {isbn13} already.")


class GenreCycle(Conflict):
    """A genre would become part of itself."""

    code = "GENRE_CYCLE"
    sentence = _("A genre cannot be part of itself or of a genre below it.")


class InsufficientStock(Conflict):
    """A branch has fewer copies than wanted. Data: `items` as in API.md, one a short line."""

    code = "INSUFFICIENT_STOCK"
    sentence = _("There are fewer copies left than you asked for.")


class GenreNotEmpty(Conflict):
    """Genres below it would hang in the air."""

    code = "GENRE_NOT_EMPTY"
    sentence = _("Withdraw or move the genres below it first.")


class GenreParentWithdrawn(Conflict):
    """It would come back below something that is not there."""

    code = "GENRE_PARENT_WITHDRAWN"
    sentence = _("Put back the genre it is part of first, or move this one.")


class WarehouseNeeded(Conflict):
    """Without the warehouse nothing could be delivered."""

    code = "WAREHOUSE_NEEDED"
    sentence = _(
        "The warehouse cannot be closed or switched off. Make another branch the warehouse first."
    )


class BranchHasStock(Conflict):
    """Copies would be in a place that is no more. Data: `branch_id`, `copies`."""

    code = "BRANCH_HAS_STOCK"
    sentence = _("There are still {copies} copies here. Transfer them first.")


class PricesChangedMeanwhile(Conflict):
    """What would be done is no longer what was shown."""

    code = "PRICES_CHANGED_MEANWHILE"
    sentence = _("Some of these books have changed meanwhile. Nothing was done; please look again.")


class PriceEditUndone(Conflict):
    """A price edit is undone once."""

    code = "PRICE_EDIT_UNDONE"
    sentence = _("This price edit has been undone already.")


class PriceEditNotFound(NotFound):
    """No price edit has this id."""

    code = "PRICE_EDIT_NOT_FOUND"
    sentence = _("We could not find this price edit.")


class BadImage(Invalid):
    """A file that is no picture we take. Data: `cause` for programs, `reason` for people."""

    code = "BAD_IMAGE"
    sentence = _("This picture cannot be used: {reason}.")


class CoverNotFound(NotFound):
    """No picture has this id, or the book has none."""

    code = "COVER_NOT_FOUND"
    sentence = _("We could not find this cover.")


class MovementNotFound(NotFound):
    """No such movement, or none that can be taken back."""

    code = "MOVEMENT_NOT_FOUND"
    sentence = _("We could not find this receipt.")


class StockRequestNotFound(NotFound):
    """No stock request has this id, or it is of a branch that is not theirs."""

    code = "STOCK_REQUEST_NOT_FOUND"
    sentence = _("We could not find this stock request.")


class StockRequestDuplicate(Conflict):
    """The same person's same wish waits already."""

    code = "STOCK_REQUEST_DUPLICATE"
    sentence = _("You have asked for this already; it waits to be decided.")


class StockRequestAlreadyReviewed(Conflict):
    """Somebody has decided already. Data: `status`, what they decided."""

    code = "STOCK_REQUEST_ALREADY_REVIEWED"
    sentence = _("This stock request was reviewed already.")


class ShelfNotFound(NotFound):
    """No row of the inventory has this id, or it is of a branch that is not theirs."""

    code = "INVENTORY_NOT_FOUND"
    sentence = _("We could not find this shelf.")


class ImportUnderWay(Conflict):
    """Somebody else is at this import, or it is over."""

    code = "IMPORT_UNDER_WAY"
    sentence = _("This import is under way already, or it is over.")


class ImportNotReady(Conflict):
    """The step that was asked for does not follow from where the import stands."""

    code = "IMPORT_NOT_READY"
    sentence = _("This cannot be done with the import as it is now. Please look again.")


class SsrfBlocked(Invalid):
    """An address that leads anywhere but to a machine of the public internet, by https."""

    code = "SSRF_BLOCKED"
    sentence = _("Pictures are fetched from public https addresses only.")


class CoverNotFetched(Invalid):
    """There was no answer, no picture, or too much of it."""

    code = "COVER_NOT_FETCHED"
    sentence = _("There was no picture of at most 5 MB at that address within five seconds.")


class IsbnUnknown(BookNotFound):
    """A code that is an ISBN, but of no book here. Data: `isbn13`, and `isbn` with hyphens."""

    sentence = _("We have no book with the ISBN {isbn} yet.")


def refusal_sentence(code: str) -> str:
    """Return what is said of a picture that was refused with this code, for whoever asks later."""
    told = {
        BadImage.code: _("what came is no picture that we take"),
        SsrfBlocked.code: SsrfBlocked.sentence,
        CoverNotFetched.code: CoverNotFetched.sentence,
    }
    return str(told.get(code, code))
