"""Attacks: what readers may try with published files. Each was possible once."""
