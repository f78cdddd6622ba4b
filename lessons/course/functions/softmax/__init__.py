"""The lesson on softmax."""
