"""Training: a plain loop, the thread that runs it, and what a screen may see of it."""
