"""The lesson on losses for classes."""
