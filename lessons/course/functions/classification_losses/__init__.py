"""The lesson `functions/classification-losses`."""
