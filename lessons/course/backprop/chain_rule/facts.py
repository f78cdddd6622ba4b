"""What the formulas of `backprop/chain-rule` speak of: two functions, step by step."""

from __future__ import annotations

import numpy as np

from engine.formulas.notation import Notation
from engine.formulas.values import Value


def _away_from_0_and_1(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    """Sizes from 0.5 to 2, with a sign, so that no factor is 0 by chance."""
    return np.asarray(rng.uniform(0.5, 2.0, size=shape) * rng.choice([-1.0, 1.0], size=shape))


NOTATION = (
    Notation()
    .drawn("x", make=_away_from_0_and_1)
    .drawn("w", make=_away_from_0_and_1)
    .drawn("b", make=_away_from_0_and_1)
    .defined("u = -xw + b", "")
    .defined("v = e^{u}", "")
    .defined("s = 1 + v", "")
    .defined(r"\mathrm{fc}_1 = \frac{1}{s}", "")
    .defined(r"\mathrm{fc}_2 = 2 \mathrm{fc}_1 + 1", "")
    .defined(r"g = \mathrm{fc}_1 \cdot w", "")
    .with_direct_partials()
)
"""∂ is the derivative of one step; d follows all ways through the graph."""

START = NOTATION.given(x=1, w=0, b=0)
"""The point of the lesson."""

TWICE = NOTATION.given(x=1, w=2, b=0).with_tolerance(1e-4)
"""Where the question about two ways stands."""

SCOPES = {
    "start": START,
    "chain_dw": START,
    "chain_db": START,
    "chain_twice": TWICE,
}
