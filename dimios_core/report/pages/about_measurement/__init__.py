"""Om mätningen: how the measurement was made, and how far its result can be trusted."""
