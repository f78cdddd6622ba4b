"""The lesson on overflow and underflow."""
