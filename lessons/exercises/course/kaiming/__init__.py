"""First weights of the right size."""
