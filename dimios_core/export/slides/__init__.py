"""Results as slides for a dialogue of an hour: which there are, what they show, and notes to speak from."""
