"""What dltutor teaches, and in which order: documents, their checks, the learner's progress."""
