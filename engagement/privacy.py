"""What engagement's tables hold about people."""

from core import privacy
from engagement.selectors import personal_data


def declare() -> None:
    """Put engagement's tables into the registry (called once, when the app is ready)."""
    privacy.classify(
        "engagement.StaffPick",
        why="a bookseller's words under the name they chose to be shown by: published by the "
        "shop, tied to no account; a manager takes a pick out when its bookseller asks",
        fate=privacy.Fate.KEPT,
        section="staff_picks",
        personal="book note picked_on",
        other="id bookseller branch position is_active",
    )
    privacy.export("staff_picks", personal_data.staff_picks_of)
