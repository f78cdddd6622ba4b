"""The lesson `linear/gradient-descent`."""
