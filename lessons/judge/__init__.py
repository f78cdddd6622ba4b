"""Answers to verdicts: questions, their slips, and what is said about an answer."""
