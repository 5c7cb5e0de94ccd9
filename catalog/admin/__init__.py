"""The catalogue on the staff desk."""

from catalog.admin.books import BookAdmin
from catalog.admin.branches import BranchAdmin
from catalog.admin.contributors import ContributorAdmin
from catalog.admin.covers import CoverAdmin
from catalog.admin.genre_codes import GenreCodeAdmin
from catalog.admin.genres import GenreAdmin
from catalog.admin.imports import ImportRunAdmin
from catalog.admin.inventory import InventoryAdmin
from catalog.admin.movements import StockMovementAdmin
from catalog.admin.price_edits import PriceEditAdmin
from catalog.admin.publishers import PublisherAdmin
from catalog.admin.series import SeriesAdmin
from catalog.admin.stock_requests import StockRequestAdmin
from catalog.admin.works import WorkAdmin

__all__ = [
    "BookAdmin",
    "BranchAdmin",
    "ContributorAdmin",
    "CoverAdmin",
    "GenreAdmin",
    "GenreCodeAdmin",
    "ImportRunAdmin",
    "InventoryAdmin",
    "PriceEditAdmin",
    "PublisherAdmin",
    "SeriesAdmin",
    "StockMovementAdmin",
    "StockRequestAdmin",
    "WorkAdmin",
]
