"""Entropy and KL."""
