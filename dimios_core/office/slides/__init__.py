"""Slides as PowerPoint opens them: native charts and tables that can be edited, and notes to speak from."""
