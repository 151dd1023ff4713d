"""Intern jämförelse: units and roles of one organisation."""
