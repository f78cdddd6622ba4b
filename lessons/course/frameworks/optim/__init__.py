"""The lesson `frameworks/optim`."""
