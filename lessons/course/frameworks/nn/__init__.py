"""The lesson `frameworks/nn`."""
