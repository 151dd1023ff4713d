"""Workbooks as Excel opens them, with XlsxWriter: sheets of words, of tables and of native charts."""
