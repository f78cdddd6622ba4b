"""What the lesson on gradient descent speaks of."""
