"""An update with autograd."""
