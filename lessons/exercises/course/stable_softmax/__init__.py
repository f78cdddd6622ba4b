"""A softmax that never overflows."""
