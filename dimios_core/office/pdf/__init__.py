"""Words and drawings on paper, set with Typst as a tagged, accessible PDF."""
