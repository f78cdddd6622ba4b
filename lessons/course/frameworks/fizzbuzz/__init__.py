"""The lesson `frameworks/fizzbuzz`."""
