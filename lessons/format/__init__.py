"""The format of lessons: Markdown in, data out."""
