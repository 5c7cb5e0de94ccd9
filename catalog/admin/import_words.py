"""What the codes of an import's rows mean, for booksellers."""

from django.utils.translation import gettext_lazy as _

_WORDS = {
    "ATTRIBUTES_MALFORMED": _("More facts are not names with texts"),
    "ATTRIBUTES_TOO_LONG": _("Too many facts, or too long ones"),
    "BOOK_UNKNOWN": _("An update of a book that is not here"),
    "BOOK_WITHDRAWN": _("The book was withdrawn"),
    "CHARACTER_UNKNOWN": _("A character that nobody knows"),
    "DELETION_LEFT_OUT": _("Not deleted: gaps only are filled"),
    "ENCODING": _("Broken letters"),
    "FORMAT_UNKNOWN": _("Unknown format"),
    "GENRE_UNKNOWN": _("Unknown genre, left out"),
    "ISBN_FROM_ISBN10": _("ISBN taken from the ISBN-10"),
    "ISBN_INVALID": _("Wrong ISBN"),
    "ISBN_LOST": _("ISBN rounded by a spreadsheet"),
    "ISBN_MISSING": _("No ISBN"),
    "ISBN_PADDED": _("Leading zeros of the ISBN put back"),
    "LANGUAGE_UNKNOWN": _("Unknown language, left out"),
    "MARKETS_ONLY": _("News of markets only, left out"),
    "NOT_A_BOOK": _("No book"),
    "NOTIFICATION_UNKNOWN": _("Unknown type of notification"),
    "NUL_CHARACTER": _("A character that cannot be kept"),
    "PRICE_INVALID": _("Unreadable price"),
    "PRICE_NEGATIVE": _("Negative price"),
    "PRICE_OTHER_COUNTRY": _("Price for another country"),
    "PRICE_OTHER_CURRENCY": _("Prices in other currencies only"),
    "PRICE_TAX_CONVERTED": _("Tax added to the price or taken off"),
    "REFERENCE_TOO_LONG": _("Reference too long to be kept"),
    "ROLE_UNKNOWN": _("Unknown role of a person"),
    "ROW_MALFORMED": _("Broken row"),
    "ROW_REFUSED": _("Refused by the database"),
    "ROW_TOO_LONG": _("Row too long"),
    "SERIES_FROM_TITLE": _("Series taken out of the title"),
    "SOLD_TO_ANOTHER_PUBLISHER": _("Sold to another publisher"),
    "TITLE_MISSING": _("No title"),
    "UNKNOWN_BOOK_DELETED": _("Deletion of a book that is not here"),
    "UPDATE_OF_UNKNOWN_BOOK": _("Update of an unknown book, taken as new"),
}


def words_of(code: str) -> str:
    """Return what a code means in a few words; a code that has none as it is."""
    return str(_WORDS.get(code, code))
