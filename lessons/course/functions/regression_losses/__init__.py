"""The lesson `functions/regression-losses`."""
