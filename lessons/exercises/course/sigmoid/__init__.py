"""The sigmoid and its slope."""
