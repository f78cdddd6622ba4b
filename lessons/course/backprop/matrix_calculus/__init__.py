"""Facts of `backprop/matrix-calculus`."""
