"""Office files and PDF, written and read: no figure and no word of its own.

Each format has an outline, plain data that another room fills; writers turn it into a file whose bytes depend on it alone.
"""
