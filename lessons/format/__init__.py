"""Lessons as they are written: Markdown in, data out."""
