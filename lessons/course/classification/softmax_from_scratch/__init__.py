"""The lesson `classification/softmax-from-scratch`."""
