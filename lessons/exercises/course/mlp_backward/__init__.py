"""A perceptron, forward and backward."""
