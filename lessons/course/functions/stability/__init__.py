"""The lesson `functions/stability`."""
