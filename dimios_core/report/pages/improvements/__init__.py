"""Förbättringsförslag: what others did, what evidence there is, what was planned and what came of it."""
