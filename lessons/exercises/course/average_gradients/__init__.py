"""Average over workers."""
