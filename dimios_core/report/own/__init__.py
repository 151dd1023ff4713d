"""Own pages: sections that somebody else writes, of published figures, with the rules of all pages."""
