"""What the lesson on softmax regression, concise speaks of."""
