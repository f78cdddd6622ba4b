"""A lesson laid out as lines of styled text: the same lines for the screen and for `show`."""
