"""The lesson `linear/likelihood`."""
