"""The lesson `backprop/forward`."""
