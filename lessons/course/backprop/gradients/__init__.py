"""What `backprop/gradients` speaks of."""
