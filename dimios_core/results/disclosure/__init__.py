"""Disclosure control: what may be published, decided before anything is estimated."""
