"""The lesson `backprop/matrix-calculus`."""
