r"""The 2-2-2 network of the course: its symbols by their formulas, and its numbers.

All weights and biases stand in one column θ: w_1 … w_8, then b_{h1}, b_{h2}, b_{o1}, b_{o2}.
"""

from __future__ import annotations

from engine.formulas.draws import normal, uniform
from engine.formulas.notation import Notation
from engine.worked_example import Problem, worked_example

_BY_FORMULA = (
    Notation()
    .entrywise(r"\sigma", "sigmoid")
    .defined(r"w_k = \theta_k", "", over="k")
    .defined(r"b_{h1} = \theta_9", "")
    .defined(r"b_{h2} = \theta_{10}", "")
    .defined(r"b_{o1} = \theta_{11}", "")
    .defined(r"b_{o2} = \theta_{12}", "")
    .defined(r"z_{h1} = w_1 x_1 + w_2 x_2 + b_{h1}", "")
    .defined(r"z_{h2} = w_3 x_1 + w_4 x_2 + b_{h2}", "")
    .defined(r"\mathrm{out}_{h1} = \sigma(z_{h1})", "")
    .defined(r"\mathrm{out}_{h2} = \sigma(z_{h2})", "")
    .defined(r"z_{o1} = w_5 \mathrm{out}_{h1} + w_6 \mathrm{out}_{h2} + b_{o1}", "")
    .defined(r"z_{o2} = w_7 \mathrm{out}_{h1} + w_8 \mathrm{out}_{h2} + b_{o2}", "")
    .defined(r"\mathrm{out}_{o1} = \sigma(z_{o1})", "")
    .defined(r"\mathrm{out}_{o2} = \sigma(z_{o2})", "")
    .defined(r"E_{o1} = \frac12 (\mathrm{out}_{o1} - t_{o1})^2", "")
    .defined(r"E_{o2} = \frac12 (\mathrm{out}_{o2} - t_{o2})^2", "")
    .defined(r"E = E_{o1} + E_{o2}", "")
    .defined(r"\delta_{o1} = \frac{\partial E}{\partial z_{o1}}", "")
    .defined(r"\delta_{o2} = \frac{\partial E}{\partial z_{o2}}", "")
    .defined(r"\delta_{h1} = \frac{\partial E}{\partial z_{h1}}", "")
    .defined(r"\delta_{h2} = \frac{\partial E}{\partial z_{h2}}", "")
    .defined(r"w_k^{+} = w_k - \eta \frac{\partial E}{\partial w_k}", "", over="k")
    .defined(r"b_{o1}^{+} = b_{o1} - \eta \frac{\partial E}{\partial b_{o1}}", "")
    # Where a formula speaks of any sum, of any weight.
    .drawn("z")
    .index("k", "8")
    .defined("w = w_k", "")
    .defined("w^{+} = w_k^{+}", "")
)

SMALL = (
    _BY_FORMULA.drawn(r"\theta", r"12 \times 1", normal(0.6))
    .drawn("x", r"2 \times 1")
    .drawn("t_{o1}", make=uniform(0.1, 0.9))
    .drawn("t_{o2}", make=uniform(0.1, 0.9))
    .drawn(r"\eta", make=uniform(0.2, 2.0))
)
"""A network of this form with any numbers."""


def with_numbers(problem: Problem) -> Notation:
    """A network of this form with the numbers of a problem."""
    weights = [number for matrix in problem.W for row in matrix for number in row]
    biases = [number for row in problem.b for number in row]
    return (
        _BY_FORMULA.fixed(r"\theta", [*weights, *biases], r"12 \times 1")
        .fixed("x", list(problem.x), r"2 \times 1")
        .fixed("t_{o1}", problem.target[0], "")
        .fixed("t_{o2}", problem.target[1], "")
        .fixed(r"\eta", problem.lr, "")
    )


WORKED = with_numbers(worked_example())
"""The network with the numbers that the lessons work with."""
