"""Django's settings, put together from one typed environment."""

from bookstore.settings.accounts import *
from bookstore.settings.api import *
from bookstore.settings.base import *
from bookstore.settings.jobs import *
from bookstore.settings.logging import *
from bookstore.settings.media import *
from bookstore.settings.security import *
from bookstore.settings.staff import *
