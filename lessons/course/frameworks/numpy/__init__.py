"""The lesson `frameworks/numpy`."""
