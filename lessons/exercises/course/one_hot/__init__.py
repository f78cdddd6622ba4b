"""Labels as vectors."""
