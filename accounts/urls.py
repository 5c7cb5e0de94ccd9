"""The pages about people, below /account/."""

from django.urls import path

from accounts.views import profile, registration, sign_in

app_name = "accounts"

urlpatterns = [
    path("", profile.account, name="account"),
    path("login/", sign_in.sign_in, name="login"),
    path("logout/", sign_in.sign_out, name="logout"),
    path("register/", registration.register, name="register"),
]
