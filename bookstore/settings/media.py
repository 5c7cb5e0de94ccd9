"""Covers: where their files are kept, where they are fetched from."""

# Machines of the inside, as (host, port), that pictures may be fetched from, and whose word for
# their certificates is taken. Nothing outside the tests fills these: no setting of the environment
# reaches them, so nobody can talk a shop into asking its own network.
COVER_SOURCES_INSIDE: frozenset[tuple[str, int]] = frozenset()
COVER_SOURCES_CA = ""
