"""What brings people back: for now the staff's picks."""

from engagement.models.staff_picks import StaffPick

__all__ = ["StaffPick"]
