"""One step downhill."""
