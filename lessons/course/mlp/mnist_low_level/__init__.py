"""The lesson `mlp/mnist-low-level`."""
