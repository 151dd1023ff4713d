"""A report on paper: what its notebooks displayed, set with Typst as a tagged, accessible PDF."""
