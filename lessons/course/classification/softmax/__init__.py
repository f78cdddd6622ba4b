"""The lesson `classification/softmax`."""
