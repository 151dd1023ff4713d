"""A report as slides for a dialogue of an hour: native charts and tables that can be edited, and notes to speak from."""
