"""Vårt resultat: where an organisation stands, how sure that is, what has changed."""
