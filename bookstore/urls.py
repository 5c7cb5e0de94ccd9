"""Every address of the shop."""

from django.contrib import admin
from django.urls import include, path

from accounts.views.sign_in import staff_sign_in
from bookstore.pages import book, branches, home, information, preferences

urlpatterns = [
    path("", home.home, name="home"),
    path("books/<str:slug>-<int:book_id>/", book.book, name="book"),
    path("", include("catalog.urls")),
    path("", include("commerce.urls")),
    path("", include("engagement.urls")),
    path("preferences/", preferences.preferences, name="preferences"),
    path("delivery/", information.delivery, name="delivery"),
    path("branches/", branches.branches, name="branches"),
    path("branches/<slug:slug>/", branches.branch, name="branch"),
    path("accessibility/", information.accessibility, name="accessibility"),
    path("robots.txt", information.robots, name="robots"),
    path("account/", include("accounts.urls")),
    path("admin/login/", staff_sign_in),  # before the admin's own: one door, one set of limits
    path("admin/", admin.site.urls),
    path("api/v1/", include("bookstore.api_urls")),
]

handler400 = "core.http.pages.bad_request"
handler403 = "core.http.pages.permission_denied"
handler404 = "core.http.pages.page_not_found"
handler500 = "core.http.pages.server_error"
