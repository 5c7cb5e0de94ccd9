"""Books, the people and words around them, branches and their stock."""

from catalog.models.books import Book, BookContributor, BookGenre, BookSearchDocument, Work
from catalog.models.branch_staff import BranchStaff
from catalog.models.branches import Branch
from catalog.models.contributors import Contributor
from catalog.models.genres import Genre
from catalog.models.publishers import Publisher
from catalog.models.series import Series
from catalog.models.stock import Inventory, StockMovement

__all__ = [
    "Book",
    "BookContributor",
    "BookGenre",
    "BookSearchDocument",
    "Branch",
    "BranchStaff",
    "Contributor",
    "Genre",
    "Inventory",
    "Publisher",
    "Series",
    "StockMovement",
    "Work",
]
