"""The lesson `backprop/update-loop`."""
