"""The sizes of the two-layer network in all its versions; importing them needs no torch."""

from __future__ import annotations

N, D_IN, H, D_OUT = 64, 1000, 100, 10
"""Samples, inputs, hidden units, outputs."""
