"""The lesson `backprop/batches`."""
