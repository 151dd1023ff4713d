"""Allas resultat: one organisation among all."""
