"""The lesson `backprop/in-pytorch`."""
