"""The lesson `backprop/gradients`."""
