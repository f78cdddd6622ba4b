"""The lesson `frameworks/module`."""
