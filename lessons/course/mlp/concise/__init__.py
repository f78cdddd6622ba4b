"""The lesson `mlp/concise`."""
