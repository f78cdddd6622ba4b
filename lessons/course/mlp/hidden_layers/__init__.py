"""The lesson `mlp/hidden-layers`."""
