"""Published figures as a workbook, with XlsxWriter."""
