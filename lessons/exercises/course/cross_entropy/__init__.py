"""Cross entropy by indexing."""
