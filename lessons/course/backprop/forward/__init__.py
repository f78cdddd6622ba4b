"""What `backprop/forward` speaks of."""
