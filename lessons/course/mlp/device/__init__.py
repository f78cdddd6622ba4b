"""The lesson `mlp/device`."""
