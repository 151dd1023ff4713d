"""Reads the published files alone, and tells what a careful reader could work out from them."""
