"""A folder a page: facts, findings, tables, charts, and the page itself."""
