"""Typographic covers: every book has one, drawn from its title alone. Pure functions, no Django."""

from catalog.covers.drawing import cover_svg, key_of

__all__ = ["cover_svg", "key_of"]
