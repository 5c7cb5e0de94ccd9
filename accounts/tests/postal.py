"""Addresses for tests."""

import dataclasses

from core.addresses import PostalAddress, Preferences

HOME = PostalAddress(
    recipient="Ada Reader", line1="12 Book Lane", city="Haifa", postcode="3303118", country="IL"
)
WORK = dataclasses.replace(
    HOME,
    line1="1 Mill Road",
    preferences=Preferences(signature_required=True, note="Ring twice"),
)
