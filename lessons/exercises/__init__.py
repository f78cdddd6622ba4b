"""Exercises: the learner writes a function; tests run it, and named slips are recognised."""
