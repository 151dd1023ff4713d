"""What all organisations get together: benchmarks, dots, panels, the sector, reliability and spread."""
