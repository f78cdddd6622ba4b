"""The lesson on activation functions."""
