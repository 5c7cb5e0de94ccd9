"""The shop's settings for one view of our own; `wsgi` takes the middleware away.

The apps are all there, because their models refer to each other; a view that uses none of them
pays nothing for them.
"""

from bookstore.settings import *  # noqa: F403

ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.bare.urls"
