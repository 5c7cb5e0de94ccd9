"""The sessions of browsers, with whose they are, so that each can be shown and ended."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User


class BrowserSession(AbstractBaseSession):
    """A browser's session; anonymous ones have no user."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, related_name="browser_sessions"
    )
    # "Firefox on Linux": enough to know one's own devices by, too little to know people by.
    device = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(auto_now=True)

    class Meta(AbstractBaseSession.Meta):
        verbose_name = _("browser session")  # type: ignore[assignment]
        verbose_name_plural = _("browser sessions")  # type: ignore[assignment]
