"""What the lesson on the Fashion-MNIST images speaks of."""
