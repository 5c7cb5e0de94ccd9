"""Addresses of what brings people back."""

from django.urls import path

from engagement.views import staff_picks

app_name = "engagement"
urlpatterns = [
    path("picks/", staff_picks.picks, name="picks"),
]
