"""Count what is right."""
