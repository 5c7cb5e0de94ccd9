"""What strangers write and others read."""

# Embeddings, overrides and isolates of the direction of writing. Marks (U+200E, U+200F) and
# joiners stay: they turn nothing but what is beside them, and some scripts need them.
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def without_turns(text: str) -> str:
    """Return the text without the invisible characters that turn the direction of what follows.

    In a list of the desk, on a label or in a mail they make a line read as something else.
    Telephones add them to numbers that are copied from them, so they are dropped, not refused.
    """
    return text.translate(_TURNS)
