"""The demo shop: what `manage.py load_demo` puts into an empty database, and its data."""
