"""Derivations that fade: the learner gives the reason, the next line, or the missing factor."""
