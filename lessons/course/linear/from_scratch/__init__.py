"""What the lesson on linear regression from scratch speaks of."""
