"""What the lesson on linear regression with the parts of PyTorch speaks of."""
