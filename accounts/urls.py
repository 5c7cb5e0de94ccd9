"""The pages about people, below /account/."""

from django.urls import path

from accounts.enums import Provider
from accounts.views import (
    connections,
    email_changes,
    passwords,
    privacy,
    profile,
    providers,
    registration,
    sessions,
    sign_in,
    sign_in_links,
    verification,
)

app_name = "accounts"

urlpatterns = [
    path("", profile.account, name="account"),
    path("login/", sign_in.sign_in, name="login"),
    path("data/", privacy.data, name="data"),
    path("delete/", privacy.delete, name="delete"),
    path("goodbye/", privacy.goodbye, name="goodbye"),
    path("logout/", sign_in.sign_out, name="logout"),
    path("register/", registration.register, name="register"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/elsewhere/", sessions.elsewhere_ending, name="elsewhere-ending"),
    path("sessions/everywhere/", sessions.everywhere_ending, name="everywhere-ending"),
    path("sessions/<slug:sign_in_id>/", sessions.session_ending, name="session-ending"),
    path("login/link/", sign_in_links.ask_for_link, name="sign-in-link-request"),
    path("login/link/<str:secret>/", sign_in_links.sign_in_link, name="sign-in-link"),
    path("verification/", verification.verification, name="verification"),
    path("verify/<str:secret>/", verification.verify_link, name="verify-link"),
    path("reset/", passwords.reset, name="reset"),
    path("reset/new-password/", passwords.reset_password, name="reset-password"),
    path("reset/<str:secret>/", passwords.reset_link, name="reset-link"),
    path("password/", passwords.change_password, name="change-password"),
    path("email/", email_changes.change_email, name="change-email"),
    path("email/<str:secret>/", email_changes.change_email_link, name="change-email-link"),
    path("google/", providers.depart, {"provider": Provider.GOOGLE}, name="google"),
    path(
        "google/callback/",
        providers.arrive,
        {"provider": Provider.GOOGLE},
        name="google-callback",
    ),
    path("github/", providers.depart, {"provider": Provider.GITHUB}, name="github"),
    path(
        "github/callback/",
        providers.arrive,
        {"provider": Provider.GITHUB},
        name="github-callback",
    ),
    path("connections/", connections.connections, name="connections"),
    path(
        "connections/<int:connection_id>/disconnection/",
        connections.disconnect,
        name="disconnection",
    ),
]
