"""The lesson `mlp/watching`."""
