"""The lesson `classification/softmax-concise`."""
