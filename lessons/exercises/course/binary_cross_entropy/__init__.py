"""Two classes, from the score."""
