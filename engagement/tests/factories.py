"""Rows for tests of what brings people back."""

from datetime import date

import factory

from catalog.tests.factories import BookFactory
from engagement import models


class StaffPickFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.StaffPick

    book = factory.SubFactory(BookFactory)
    bookseller = "Maya"
    note = "Not one page too many."
    picked_on = date(2026, 11, 1)
