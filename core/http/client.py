"""Where a request comes from."""

import re

from django.http import HttpRequest

from core.services import ratelimit

# First match wins: most browsers name themselves after others as well.
_BROWSERS = [
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
    ("an Android app", r"okhttp/"),
    ("an Apple app", r"CFNetwork/"),
]
_SYSTEMS = [
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
]


def address_of(request: HttpRequest) -> str:
    """Return the client's address as rate limits count it (see `ratelimit.client_address`)."""
    return ratelimit.client_address(
        request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    )


def device_of(request: HttpRequest) -> str:
    """Return what to call the client's device, like "Firefox on Linux"; empty if it does not say.

    Only names from these lists: what a client writes about itself is neither stored nor shown.
    """
    agent = request.META.get("HTTP_USER_AGENT", "")[:500]
    names = [
        next((name for name, pattern in table if re.search(pattern, agent)), "")
        for table in (_BROWSERS, _SYSTEMS)
    ]
    return " on ".join(filter(None, names))
