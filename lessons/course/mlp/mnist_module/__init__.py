"""The lesson `mlp/mnist-module`."""
