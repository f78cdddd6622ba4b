"""Training: a plain loop, the background thread around it, and what a screen may see of it."""
