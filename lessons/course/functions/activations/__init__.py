"""The lesson `functions/activations`."""
