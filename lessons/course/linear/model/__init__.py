"""The lesson `linear/model`."""
