"""ReLU and its slope."""
