"""The lesson `functions/entropy`."""
