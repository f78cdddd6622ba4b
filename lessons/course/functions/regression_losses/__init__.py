"""The lesson on losses for numbers."""
