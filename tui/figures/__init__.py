"""Figures drawn from data: one kind of figure per file, lines of styled pieces."""
