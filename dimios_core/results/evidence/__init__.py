"""What organisations do: initiatives, the evidence for them, general advice."""
