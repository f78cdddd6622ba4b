"""Deltas of both layers."""
