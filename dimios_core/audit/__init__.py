"""Reads published files, pages and exports as a stranger would, and makes them again to compare."""
