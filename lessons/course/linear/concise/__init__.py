"""The lesson `linear/concise`."""
