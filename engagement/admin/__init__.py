"""What brings people back, on the staff desk."""

from engagement.admin.staff_picks import StaffPickAdmin

__all__ = ["StaffPickAdmin"]
