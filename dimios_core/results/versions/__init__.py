"""What has been published before, and what may replace it."""
