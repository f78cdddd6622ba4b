"""Where each slip enters the worked network: the line as written, and as it should be."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.slips import Slip as NetworkSlip

_OUT_H = r"\mathrm{out}_{h}"

_LINES: Mapping[NetworkSlip, tuple[str, str]] = MappingProxyType(
    {
        NetworkSlip.HALF_PRECEDENCE: (
            r"E = \tfrac12 (\mathrm{out}_{o1} - t_{o1})^2 + (\mathrm{out}_{o2} - t_{o2})^2",
            r"E = \tfrac12 (\mathrm{out}_{o1} - t_{o1})^2"
            r" + \tfrac12 (\mathrm{out}_{o2} - t_{o2})^2",
        ),
        NetworkSlip.SIGMOID_OF_ACTIVATION: (
            rf"\frac{{\partial {_OUT_H}}}{{\partial z_{{h}}}}"
            rf" = \sigma({_OUT_H})\,(1 - \sigma({_OUT_H}))",
            rf"\frac{{\partial {_OUT_H}}}{{\partial z_{{h}}}} = {_OUT_H}\,(1 - {_OUT_H})",
        ),
        NetworkSlip.NO_DERIVATIVE: (
            r"\delta_{o} = \frac{\partial E}{\partial \mathrm{out}_{o}}",
            r"\delta_{o} = \frac{\partial E}{\partial \mathrm{out}_{o}} \, \sigma'(z_{o})",
        ),
        NetworkSlip.SIGN: (
            r"\frac{\partial E}{\partial \mathrm{out}_{o}} = t - \mathrm{out}_{o}",
            r"\frac{\partial E}{\partial \mathrm{out}_{o}} = \mathrm{out}_{o} - t",
        ),
        NetworkSlip.NO_HALF: (
            r"E_{o} = (\mathrm{out}_{o} - t)^2",
            r"E_{o} = \tfrac12 (\mathrm{out}_{o} - t)^2",
        ),
    }
)


def lines_of(slip: NetworkSlip, output: int = 0, hidden: int = 1) -> tuple[str, str]:
    """The two lines of `slip`, as it enters at the hidden unit `hidden`, 1 or 2.

    `output`, from 0, is the one output that `ONE_OUTPUT_ONLY` looks at.
    """
    leaving = (f"w_{4 + hidden}", f"w_{6 + hidden}")
    into = (f"w_{3 + 2 * hidden}", f"w_{4 + 2 * hidden}")
    match slip:
        case NetworkSlip.ROW_FOR_COLUMN:
            return _blame(hidden, into), _blame(hidden, leaving)
        case NetworkSlip.UPDATED_WEIGHTS_FIRST:
            moved = tuple(weight + "^{+}" for weight in leaving)
            return _blame(hidden, moved), _blame(hidden, leaving)
        case NetworkSlip.ONE_OUTPUT_ONLY:
            return _blame(hidden, leaving, (output,)), _blame(hidden, leaving)
    return _LINES[slip]


def _blame(hidden: int, weights: tuple[str, ...], outputs: tuple[int, ...] = (0, 1)) -> str:
    """How the loss moves with the output of a hidden unit, over some of the outputs."""
    ways = " + ".join(rf"\delta_{{o{place + 1}}} {weights[place]}" for place in outputs)
    return rf"\frac{{\partial E}}{{\partial \mathrm{{out}}_{{h{hidden}}}}} = {ways}"
