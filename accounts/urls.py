"""The pages about people, below /account/."""

from django.urls import path

from accounts.views import profile, registration, sessions, sign_in

app_name = "accounts"

urlpatterns = [
    path("", profile.account, name="account"),
    path("login/", sign_in.sign_in, name="login"),
    path("logout/", sign_in.sign_out, name="logout"),
    path("register/", registration.register, name="register"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/elsewhere/", sessions.elsewhere_ending, name="elsewhere-ending"),
    path("sessions/everywhere/", sessions.everywhere_ending, name="everywhere-ending"),
    path("sessions/<slug:sign_in_id>/", sessions.session_ending, name="session-ending"),
]
