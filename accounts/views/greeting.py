"""Whom the sign-in page greets, once an account was made, confirmed or given a new password.

The address waits in a cookie of the reader's own browser: an address bar is no place for it, and
in a session without a user it would outlive the account.
"""

from django.core import signing
from django.http import HttpRequest

from core.http import cookies

_COOKIE = "greeting"
_SALT = "accounts.greeting"
_SECONDS = 600


def greet_next(request: HttpRequest, email: str) -> None:
    """Have the sign-in page fill in `email`, if it is opened in the next ten minutes."""
    greeting = signing.dumps(email, salt=_SALT)
    cookies.set_later(request, cookies.name_of(_COOKIE), greeting, max_age=_SECONDS)


def address_to_greet(request: HttpRequest) -> str:
    """Return the address to fill in, once; "" where there is none or somebody made it up."""
    name = cookies.name_of(_COOKIE)
    if name not in request.COOKIES:
        return ""
    cookies.set_later(request, name, "", max_age=0)
    try:
        return str(signing.loads(request.COOKIES[name], salt=_SALT, max_age=_SECONDS))
    except signing.BadSignature:
        return ""
