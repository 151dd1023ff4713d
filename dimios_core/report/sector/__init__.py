"""Reports on many organisations, from public tables alone: national status and county reports."""
