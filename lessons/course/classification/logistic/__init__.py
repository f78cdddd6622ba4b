"""The lesson `classification/logistic`."""
