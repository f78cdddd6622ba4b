"""Read mini-batches."""
