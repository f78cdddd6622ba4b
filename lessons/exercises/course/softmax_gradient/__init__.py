"""The gradient on the scores."""
