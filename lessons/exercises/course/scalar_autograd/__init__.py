"""Autograd in sixty lines."""
