"""Proofs of a lesson: its derivations, its other formulas, its numbers, and their mutants."""
