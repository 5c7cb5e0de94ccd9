"""Addresses of the catalogue's pages."""

from django.urls import path

from catalog.views import books, contributors, covers, genres, search

app_name = "catalog"
urlpatterns = [
    path("books/", books.browse, name="browse"),
    path("isbn/<str:isbn>/", books.by_isbn, name="isbn"),
    path("genres/", genres.genres, name="genres"),
    path("genres/<slug:slug>/", genres.genre, name="genre"),
    path("authors/<str:slug>-<int:contributor_id>/", contributors.author, name="author"),
    path("search/", search.search, name="search"),
    path("covers/<int:book_id>.svg", covers.cover, name="cover"),
    path("media/covers/<uuid:key>/<int:width>.<str:kind>", covers.picture, name="picture"),
]
