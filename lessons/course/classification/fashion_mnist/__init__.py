"""The lesson `classification/fashion-mnist`."""
