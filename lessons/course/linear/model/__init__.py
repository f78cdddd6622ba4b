"""What the lesson on the linear model speaks of."""
