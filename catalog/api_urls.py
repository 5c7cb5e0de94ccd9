"""The API's addresses of the catalogue, below /api/v1/."""

from django.urls import path

from catalog.api import books, branch_staff, branches, contributors, genres

urlpatterns = [
    path("books", books.BooksView.as_view(), name="api-books"),
    path("books/<int:book_id>", books.BookView.as_view(), name="api-book"),
    path("books/isbn/<str:isbn>", books.BookByIsbnView.as_view(), name="api-book-by-isbn"),
    path("genres", genres.GenresView.as_view(), name="api-genres"),
    path("genres/<int:genre_id>", genres.GenreView.as_view(), name="api-genre"),
    path("genres/<int:genre_id>/books", genres.GenreBooksView.as_view(), name="api-genre-books"),
    path("authors", contributors.AuthorsView.as_view(), name="api-authors"),
    path("authors/<int:author_id>", contributors.AuthorView.as_view(), name="api-author"),
    path("branches", branches.BranchesView.as_view(), name="api-branches"),
    path(
        "admin/branches/<int:branch_id>/staff",
        branch_staff.BranchStaffView.as_view(),
        name="api-branch-staff",
    ),
]
