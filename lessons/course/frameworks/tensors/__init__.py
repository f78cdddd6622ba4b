"""The lesson `frameworks/tensors`."""
