"""A module of your own."""
