"""What a learner did: the log of answers, progress, review, export."""
