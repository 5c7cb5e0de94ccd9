"""What commerce tells those above it, inside the transaction, with ids."""

from django.dispatch import Signal

# An order was paid and is certain. Arguments: order_id.
order_confirmed = Signal()
