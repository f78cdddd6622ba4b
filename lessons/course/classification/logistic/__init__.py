"""What the lesson on logistic regression speaks of."""
