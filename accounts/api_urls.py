"""The API's addresses about people, below /api/v1/."""

from django.urls import path

from accounts.api import profile, registration, tokens, users

urlpatterns = [
    path("auth/register", registration.RegisterView.as_view(), name="api-register"),
    path("auth/login", tokens.LoginView.as_view(), name="api-login"),
    path("auth/refresh", tokens.RefreshView.as_view(), name="api-refresh"),
    path("auth/logout", tokens.LogoutView.as_view(), name="api-logout"),
    path("auth/logout-all", tokens.LogoutAllView.as_view(), name="api-logout-all"),
    path("users/me", profile.MeView.as_view(), name="api-me"),
    path("admin/users", users.AdminUsersView.as_view(), name="api-admin-users"),
    path("admin/users/<uuid:user_id>", users.AdminUserView.as_view(), name="api-admin-user"),
]
