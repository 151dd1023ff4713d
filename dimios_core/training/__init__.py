"""What the method is taught with."""
