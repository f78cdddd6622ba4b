"""What the formulas of `backprop/worked-example` speak of: the 2-2-2 network."""

from __future__ import annotations

from lessons.course.worked_network import SMALL, WORKED

NOTATION = SMALL
"""General formulas hold for any numbers."""

# Numbers put in are rounded to nine digits after the point.
_ROUNDED = WORKED.with_tolerance(1e-7)

SCOPES = {
    "worked": WORKED,
    "z_h1": WORKED,
    "total_loss": _ROUNDED,
    "delta_o1": _ROUNDED,
    "grad_w5": _ROUNDED,
    "grad_w1": _ROUNDED,
    "new_w5": _ROUNDED,
}
