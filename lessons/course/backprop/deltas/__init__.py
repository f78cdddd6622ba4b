"""The lesson `backprop/deltas`."""
