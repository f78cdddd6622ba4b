"""Squared and Huber loss."""
