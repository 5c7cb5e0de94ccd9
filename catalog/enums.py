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


class MovementReason(models.TextChoices):
    """Why stock changed."""

    OPENING = "OPENING", _("Opening stock")
    CORRECTION = "CORRECTION", _("Correction")
    SALE = "SALE", _("Sale")
    SALE_RETURNED = "SALE_RETURNED", _("Sale given back")


class BookSort(models.TextChoices):
    """Orders in which lists of books come."""

    RELEVANCE = "relevance", _("Best match")
    NEWEST = "newest", _("Newest")
    TITLE = "title", _("Title A–Z")
    TITLE_DESCENDING = "-title", _("Title Z–A")
    AUTHOR = "author", _("Author A–Z")
    PRICE = "price", _("Price, lowest first")
    PRICE_DESCENDING = "-price", _("Price, highest first")
