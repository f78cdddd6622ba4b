"""What the formulas of the lesson speak of."""
