"""Reads of the kernel's own tables."""
