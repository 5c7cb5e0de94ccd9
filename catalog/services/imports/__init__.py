"""Bringing in books from files: read, repair, write in batches, report row by row.

`runs` joins the steps: `readers` (lines of a file) > `records` (one shape, repaired) > `writer`
(a batch into the database).
"""
