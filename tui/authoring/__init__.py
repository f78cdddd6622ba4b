"""Templates for authors: lessons, questions, labs and other parts that work at once.

Each module holds its templates and returns a `Plan` of what to write where; `writing` carries out
a plan and never overwrites a file.
"""
