"""Länsrapport: the organisations of one county together."""
