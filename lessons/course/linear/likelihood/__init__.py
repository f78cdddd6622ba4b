"""What the lesson on the likelihood of linear regression speaks of."""
