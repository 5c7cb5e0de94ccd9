"""The API's addresses of the catalogue, below /api/v1/."""

from django.urls import path

from catalog.api import (
    books,
    branch_staff,
    branches,
    contributors,
    covers,
    genres,
    inventory,
    stock_requests,
)

urlpatterns = [
    path("books", books.BooksView.as_view(), name="api-books"),
    path("books/<int:book_id>", books.BookView.as_view(), name="api-book"),
    path("books/<int:book_id>/cover", covers.BookCoverView.as_view(), name="api-book-cover"),
    path("books/<int:book_id>/stock", inventory.BookStockView.as_view(), name="api-book-stock"),
    path("books/isbn/<str:isbn>", books.BookByIsbnView.as_view(), name="api-book-by-isbn"),
    path("covers", covers.CoversView.as_view(), name="api-covers"),
    path("covers/<uuid:cover_id>", covers.CoverView.as_view(), name="api-cover"),
    path("genres", genres.GenresView.as_view(), name="api-genres"),
    path("genres/<int:genre_id>", genres.GenreView.as_view(), name="api-genre"),
    path("genres/<int:genre_id>/books", genres.GenreBooksView.as_view(), name="api-genre-books"),
    path("authors", contributors.AuthorsView.as_view(), name="api-authors"),
    path("authors/<int:author_id>", contributors.AuthorView.as_view(), name="api-author"),
    path("branches", branches.BranchesView.as_view(), name="api-branches"),
    path("admin/branches", branches.AdminBranchesView.as_view(), name="api-admin-branches"),
    path(
        "admin/branches/<int:branch_id>",
        branches.AdminBranchView.as_view(),
        name="api-admin-branch",
    ),
    path(
        "admin/branches/<int:branch_id>/staff",
        branch_staff.BranchStaffView.as_view(),
        name="api-branch-staff",
    ),
    path("admin/inventory", inventory.InventoryListView.as_view(), name="api-inventory"),
    path(
        "admin/inventory/<int:inventory_id>",
        inventory.InventoryView.as_view(),
        name="api-inventory-shelf",
    ),
    path("stock-requests", stock_requests.StockRequestsView.as_view(), name="api-stock-requests"),
    path(
        "stock-requests/my",
        stock_requests.MyStockRequestsView.as_view(),
        name="api-my-stock-requests",
    ),
    path(
        "admin/stock-requests",
        stock_requests.AdminStockRequestsView.as_view(),
        name="api-admin-stock-requests",
    ),
    path(
        "admin/stock-requests/<int:request_id>/review",
        stock_requests.StockRequestReviewView.as_view(),
        name="api-stock-request-review",
    ),
    path(
        "admin/stock-requests/bulk-review",
        stock_requests.StockRequestBulkReviewView.as_view(),
        name="api-stock-request-bulk-review",
    ),
]
