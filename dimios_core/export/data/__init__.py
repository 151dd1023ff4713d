"""Open data packages: published figures for everybody, coarsened answers for research."""
