"""What accounts tell those above them, inside the transaction, with ids."""

from django.dispatch import Signal

# Somebody has another role now. Arguments: user_id, old and new (roles), actor_id.
role_changed = Signal()
