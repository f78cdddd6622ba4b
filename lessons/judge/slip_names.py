"""What the slips are called that belong to no single question; the rest stand in the lessons."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.language import _

SLIP_NAMES: Mapping[str, str] = MappingProxyType(
    {
        # What a wrong number alone can tell.
        "power-of-ten": _("the point in the wrong place"),
        "factor-two": _("a factor 2 too much or too little"),
        "off-by-one": _("one too many or too few"),
        "off-by-one-epoch": _("an epoch too many or too few"),
        "fraction-of-batch": _("a fraction of a batch"),
        "fraction-of-count": _("a fraction in a count"),
        "percent-for-fraction": _("per cent for a fraction"),
        "fraction-for-percent": _("a fraction for per cent"),
        "bare-step": _("the step for the new value"),
        "log-base-2": _("a logarithm to base 2"),
        "log-base-10": _("a logarithm to base 10"),
        "upside-down": _("a fraction upside down"),
        "no-root": _("the root left out"),
        "not-squared": _("the square left out"),
        "degrees": _("degrees for radians"),
        # Those of the worked network, in the lab with blanks.
        "half-precedence": _("the ½ at the first output only"),
        "sigmoid-of-activation": _("σ′ taken at the output, not at z"),
        "updated-weights-first": _("gradients from weights already updated"),
        "row-for-column": _("a row and a column confused"),
        "no-derivative": _("the derivative of the activation left out"),
        "sign": _("the sign turned round"),
        "no-half": _("the ½ left out"),
        "no-bias": _("the bias left out"),
        "value-for-output": _("z taken for the output"),
        "no-learning-rate": _("the learning rate left out"),
        "no-step": _("no step, or too few digits"),
        "one-output-only": _("blame from one output only"),
    }
)
