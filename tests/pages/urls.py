"""The shop's addresses, and pages that raise what their path says."""

from django.urls import include, path

from core.tests.urls import page, raising_page

urlpatterns = [
    path("page/", page),
    path("page/<what>/", raising_page),
    path("", include("bookstore.urls")),
]

handler400 = "core.http.pages.bad_request"
handler403 = "core.http.pages.permission_denied"
handler404 = "core.http.pages.page_not_found"
handler500 = "core.http.pages.server_error"
