"""The API's addresses about people, below /api/v1/."""

from django.urls import path

from accounts.api import profile, registration, sessions, tokens, users

urlpatterns = [
    path("auth/register", registration.RegisterView.as_view(), name="api-register"),
    path("auth/login", tokens.LoginView.as_view(), name="api-login"),
    path("auth/refresh", tokens.RefreshView.as_view(), name="api-refresh"),
    path("auth/logout", tokens.LogoutView.as_view(), name="api-logout"),
    path("auth/logout-all", tokens.LogoutAllView.as_view(), name="api-logout-all"),
    path("auth/sessions", sessions.SessionsView.as_view(), name="api-sessions"),
    path("auth/sessions/<slug:sign_in_id>", sessions.SessionView.as_view(), name="api-session"),
    path("users/me", profile.MeView.as_view(), name="api-me"),
    path("admin/users", users.AdminUsersView.as_view(), name="api-admin-users"),
    path("admin/users/<uuid:user_id>", users.AdminUserView.as_view(), name="api-admin-user"),
]
