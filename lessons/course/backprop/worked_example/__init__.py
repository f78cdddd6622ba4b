"""The lesson `backprop/worked-example`."""
