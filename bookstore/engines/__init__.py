"""The private PostgreSQL and Redis of one checkout, for development and tests; no Django here."""
