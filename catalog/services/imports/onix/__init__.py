"""ONIX for Books: the book trade's feed, releases 2.1, 3.0 and 3.1.

`prologs` (what the file is) > `messages` (one product at a time) > `products` (what it says), which
asks `blocks`, `prices` and the rest; `codes` knows the standard's lists.
"""
