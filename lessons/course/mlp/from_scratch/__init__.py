"""The lesson `mlp/from-scratch`."""
