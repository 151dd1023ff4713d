"""Nationell status: all organisations of a period together."""
