"""Words of the book trade that the catalogue uses."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BookFormat(models.TextChoices):
    """How the book is made."""

    HARDBACK = "HARDBACK", _("Hardback")
    PAPERBACK = "PAPERBACK", _("Paperback")
    EBOOK = "EBOOK", _("E-book")
    AUDIOBOOK = "AUDIOBOOK", _("Audiobook")


class ContributorRole(models.TextChoices):
    """What somebody did for a book."""

    AUTHOR = "AUTHOR", _("Author")
    EDITOR = "EDITOR", _("Editor")
    TRANSLATOR = "TRANSLATOR", _("Translator")
    ILLUSTRATOR = "ILLUSTRATOR", _("Illustrator")
    NARRATOR = "NARRATOR", _("Narrator")


class DatePrecision(models.TextChoices):
    """How much of a publication date is known; the rest of the stored date is 1."""

    DAY = "DAY", _("Day")
    MONTH = "MONTH", _("Month")
    YEAR = "YEAR", _("Year")


class SaleState(models.TextChoices):
    """Whether a book may be sold today, and if not why (see `catalog.sale_rules`)."""

    FOR_SALE = "FOR_SALE", _("For sale")
    PREORDER = "PREORDER", _("May be pre-ordered")
    NOT_OUT_YET = "NOT_OUT_YET", _("Not published yet")
    EMBARGOED = "EMBARGOED", _("Not on sale yet")
    NO_PRICE = "NO_PRICE", _("No price yet")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class MovementReason(models.TextChoices):
    """Why stock changed."""

    OPENING = "OPENING", _("Opening stock")
    CORRECTION = "CORRECTION", _("Correction")
    SALE = "SALE", _("Sale")
    SALE_RETURNED = "SALE_RETURNED", _("Sale given back")
    RECEIVED = "RECEIVED", _("Goods received")
    TRANSFER = "TRANSFER", _("Transfer between branches")
    REQUESTED = "REQUESTED", _("Stock request approved")
    DAMAGED = "DAMAGED", _("Damaged or lost")


class StockRequestType(models.TextChoices):
    """What an employee asks for."""

    SET_QUANTITY = "SET_QUANTITY", _("Set the number of copies")
    ADD_QUANTITY = "ADD_QUANTITY", _("Add copies")


class StockRequestStatus(models.TextChoices):
    """Where a stock request stands; reviewed once, for good."""

    PENDING = "PENDING", _("Waiting")
    APPROVED = "APPROVED", _("Approved")
    REJECTED = "REJECTED", _("Rejected")


class SubjectScheme(models.TextChoices):
    """Whose subject codes feeds use."""

    THEMA = "THEMA", _("Thema")
    BISAC = "BISAC", _("BISAC")
    BIC = "BIC", _("BIC")


class ImportFormat(models.TextChoices):
    """Kinds of files that books come in."""

    JSONL = "jsonl", _("JSON lines")
    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel workbook (XLSX)")
    ONIX = "onix", _("ONIX for Books")


class ImportState(models.TextChoices):
    """Where an import stands. A file is checked (nothing is kept), then applied."""

    UPLOADED = "UPLOADED", _("Waiting to be checked")
    CHECKING = "CHECKING", _("Being checked")
    CHECKED = "CHECKED", _("Checked, not applied yet")
    APPLYING = "APPLYING", _("Being applied")
    DONE = "DONE", _("Done")
    FAILED = "FAILED", _("Stopped by an error")
    CANCELLED = "CANCELLED", _("Cancelled")


class CoverState(models.TextChoices):
    """Where a picture of a cover stands."""

    FETCHING = "FETCHING", _("Being fetched")
    PROCESSING = "PROCESSING", _("Being prepared")
    READY = "READY", _("Ready")
    REFUSED = "REFUSED", _("Refused")


class PriceRuleKind(models.TextChoices):
    """How a price edit finds the new price."""

    PERCENT = "percent", _("Raise or lower by percent")
    AMOUNT = "amount", _("Raise or lower by an amount")
    EXACT = "exact", _("Set this price")


class PriceRounding(models.TextChoices):
    """Where a changed price ends up: the nearest price that ends so."""

    CENT = "0.01", _("To the cent")
    TENTH = "0.10", _("To ten cents")
    WHOLE = ".00", _("To a whole number")
    NINETY = ".90", _("To a price that ends in .90")
    NINETY_NINE = ".99", _("To a price that ends in .99")


class BookSort(models.TextChoices):
    """Orders in which lists of books come."""

    RELEVANCE = "relevance", _("Best match")
    NEWEST = "newest", _("Newest")
    TITLE = "title", _("Title A–Z")
    TITLE_DESCENDING = "-title", _("Title Z–A")
    AUTHOR = "author", _("Author A–Z")
    PRICE = "price", _("Price, lowest first")
    PRICE_DESCENDING = "-price", _("Price, highest first")
