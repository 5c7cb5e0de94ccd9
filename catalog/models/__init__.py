"""Books, the people and words around them, branches and their stock, files on their way in."""

from catalog.models.books import Book, BookContributor, BookGenre, BookSearchDocument, Work
from catalog.models.branch_staff import BranchStaff
from catalog.models.branches import Branch
from catalog.models.contributors import Contributor
from catalog.models.covers import Cover
from catalog.models.genres import Genre
from catalog.models.imports import FeedRecord, ImportRejection, ImportRun
from catalog.models.prices import DatedPrice, PriceChange, PriceEdit
from catalog.models.publishers import Publisher
from catalog.models.series import Series
from catalog.models.stock import Inventory, StockMovement
from catalog.models.stock_requests import StockRequest
from catalog.models.subjects import GenreCode

__all__ = [
    "Book",
    "BookContributor",
    "BookGenre",
    "BookSearchDocument",
    "Branch",
    "BranchStaff",
    "Contributor",
    "Cover",
    "DatedPrice",
    "FeedRecord",
    "Genre",
    "GenreCode",
    "ImportRejection",
    "ImportRun",
    "Inventory",
    "PriceChange",
    "PriceEdit",
    "Publisher",
    "Series",
    "StockMovement",
    "StockRequest",
    "Work",
]
