"""The wall: what may be published. Results write through it; whoever shows, carries or audits reads through it alone."""
