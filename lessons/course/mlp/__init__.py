"""What the formulas of the chapter on multilayer perceptrons speak of."""
