"""Forward through a network."""
