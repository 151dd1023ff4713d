"""Jämförelse: two or three organisations that share their result by name, beside each other."""
