"""The lesson `mlp/many-machines`."""
