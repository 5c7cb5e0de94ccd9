"""What the catalogue tells those above it, inside the transaction, with ids."""

from django.dispatch import Signal

# A book's stock went from none to some anywhere. Arguments: book_id.
book_restocked = Signal()

# A branch is about to be closed for good; a receiver that objects raises a `Conflict`. Arguments:
# branch_id.
branch_closing = Signal()
