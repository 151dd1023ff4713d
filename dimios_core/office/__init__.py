"""Office files and PDF, written and read: no figure of its own."""
