"""People: who they are, where they are signed in, what proves it, where their books go."""

from accounts.models.addresses import Address
from accounts.models.browser_sessions import BrowserSession
from accounts.models.one_time_tokens import OneTimeToken
from accounts.models.refresh_families import RefreshFamily
from accounts.models.users import User

__all__ = ["Address", "BrowserSession", "OneTimeToken", "RefreshFamily", "User"]
