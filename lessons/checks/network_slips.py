"""Where each slip enters the worked network: the line as written, and as it should be."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.slips import Slip as NetworkSlip

_OUT_H = r"\mathrm{out}_{h}"
_BLAME_H1 = r"\frac{\partial E}{\partial \mathrm{out}_{h1}}"

LINES: Mapping[NetworkSlip, tuple[str, str]] = MappingProxyType(
    {
        NetworkSlip.HALF_PRECEDENCE: (
            r"E = \tfrac12 (t_1 - o_1)^2 + (t_2 - o_2)^2",
            r"E = \tfrac12 (t_1 - o_1)^2 + \tfrac12 (t_2 - o_2)^2",
        ),
        NetworkSlip.SIGMOID_OF_ACTIVATION: (
            rf"\frac{{\partial {_OUT_H}}}{{\partial z_{{h}}}}"
            rf" = \sigma({_OUT_H})\,(1 - \sigma({_OUT_H}))",
            rf"\frac{{\partial {_OUT_H}}}{{\partial z_{{h}}}} = {_OUT_H}\,(1 - {_OUT_H})",
        ),
        NetworkSlip.UPDATED_WEIGHTS_FIRST: (
            rf"{_BLAME_H1} = \delta_{{o1}} w_5^{{+}} + \delta_{{o2}} w_7^{{+}}",
            rf"{_BLAME_H1} = \delta_{{o1}} w_5 + \delta_{{o2}} w_7",
        ),
        NetworkSlip.ROW_FOR_COLUMN: (
            rf"{_BLAME_H1} = \delta_{{o1}} w_5 + \delta_{{o2}} w_6",
            rf"{_BLAME_H1} = \delta_{{o1}} w_5 + \delta_{{o2}} w_7",
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
            r"E_{o} = (t - \mathrm{out}_{o})^2",
            r"E_{o} = \tfrac12 (t - \mathrm{out}_{o})^2",
        ),
        NetworkSlip.ONE_OUTPUT_ONLY: (
            rf"{_BLAME_H1} = \delta_{{o1}} w_5",
            rf"{_BLAME_H1} = \delta_{{o1}} w_5 + \delta_{{o2}} w_7",
        ),
    }
)
