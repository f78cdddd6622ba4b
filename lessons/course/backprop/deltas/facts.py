"""What the formulas of `backprop/deltas` speak of."""

from __future__ import annotations

from lessons.course.layers import NETWORK

NOTATION = NETWORK
