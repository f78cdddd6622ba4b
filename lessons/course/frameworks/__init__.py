"""What the formulas of the chapter on frameworks speak of."""
