"""Published figures as a workbook: which tables and charts there are, in which order, and what explains them."""
