"""What the slips are called that belong to no single question; the rest stand in the lessons."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SLIP_NAMES: Mapping[str, str] = MappingProxyType(
    {
        # What a wrong number alone can tell.
        "power-of-ten": "the point in the wrong place",
        "factor-two": "a factor 2 too much or too little",
        # Those of the worked network, in the lab with blanks.
        "half-precedence": "the ½ at the first output only",
        "sigmoid-of-activation": "σ′ taken at the output, not at z",
        "updated-weights-first": "gradients from weights already updated",
        "row-for-column": "a row of W for a column",
        "no-derivative": "the derivative of the activation left out",
        "sign": "the sign turned round",
        "no-half": "the ½ left out",
        "no-bias": "the bias left out",
        "value-for-output": "z taken for the output",
        "no-learning-rate": "the learning rate left out",
        "no-step": "no step, or too few digits",
        "one-output-only": "blame from one output only",
    }
)
