"""The lesson `frameworks/autograd`."""
