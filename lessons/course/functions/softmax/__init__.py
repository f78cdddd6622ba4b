"""The lesson `functions/softmax`."""
