"""The API's addresses about people, below /api/v1/."""

from django.urls import path

from accounts.api import (
    addresses,
    email_changes,
    passwords,
    privacy,
    providers,
    registration,
    second_factor,
    sessions,
    tokens,
    users,
    verification,
)

urlpatterns = [
    path("auth/register", registration.RegisterView.as_view(), name="api-register"),
    path("auth/login", tokens.LoginView.as_view(), name="api-login"),
    path(
        "auth/login/second-factor",
        second_factor.SecondFactorView.as_view(),
        name="api-login-second-factor",
    ),
    path("auth/refresh", tokens.RefreshView.as_view(), name="api-refresh"),
    path("auth/logout", tokens.LogoutView.as_view(), name="api-logout"),
    path("auth/logout-all", tokens.LogoutAllView.as_view(), name="api-logout-all"),
    path("auth/sessions", sessions.SessionsView.as_view(), name="api-sessions"),
    path("auth/sessions/<slug:sign_in_id>", sessions.SessionView.as_view(), name="api-session"),
    path("auth/verify-email", verification.VerifyEmailView.as_view(), name="api-verify-email"),
    path(
        "auth/resend-verification",
        verification.ResendVerificationView.as_view(),
        name="api-resend-verification",
    ),
    path("auth/password-reset", passwords.PasswordResetView.as_view(), name="api-password-reset"),
    path(
        "auth/password-reset/confirm",
        passwords.PasswordResetConfirmView.as_view(),
        name="api-password-reset-confirm",
    ),
    path(
        "auth/change-password", passwords.ChangePasswordView.as_view(), name="api-change-password"
    ),
    path("auth/change-email", email_changes.ChangeEmailView.as_view(), name="api-change-email"),
    path("addresses", addresses.AddressesView.as_view(), name="api-addresses"),
    path("addresses/<uuid:address_id>", addresses.AddressView.as_view(), name="api-address"),
    path("users/me", privacy.AccountView.as_view(), name="api-me"),
    path("users/me/export", privacy.ExportView.as_view(), name="api-me-export"),
    path("admin/users", users.AdminUsersView.as_view(), name="api-admin-users"),
    path("admin/users/<uuid:user_id>", users.AdminUserView.as_view(), name="api-admin-user"),
    path("auth/google", providers.GoogleView.as_view(), name="api-google"),
    path(
        "auth/google/callback",
        providers.GoogleCallbackView.as_view(),
        name="api-google-callback",
    ),
    path("auth/github", providers.GitHubView.as_view(), name="api-github"),
    path(
        "auth/github/callback",
        providers.GitHubCallbackView.as_view(),
        name="api-github-callback",
    ),
    path("auth/oauth/exchange", providers.ExchangeView.as_view(), name="api-oauth-exchange"),
]
