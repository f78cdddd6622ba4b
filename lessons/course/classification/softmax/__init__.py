"""What the lesson on softmax speaks of."""
