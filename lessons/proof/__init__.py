"""Proofs of a lesson: its derivations, other formulas and numbers, and mutants of them."""
