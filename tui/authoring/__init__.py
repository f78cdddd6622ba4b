"""The author's kit: skeletons of lessons, questions, labs and the like, which work at once.

Each module has the texts of its skeletons and says, as a `Plan`, what is to be written where;
`writing` writes a plan, and never over a file.
"""
