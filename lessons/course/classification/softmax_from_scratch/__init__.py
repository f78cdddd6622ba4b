"""What the lesson on softmax regression from scratch speaks of."""
