"""The exercises, a folder each: `exercise.en.md` with all prose, `exercise.py` with all code."""
