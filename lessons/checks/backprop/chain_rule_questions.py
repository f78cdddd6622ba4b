"""The questions of `backprop/chain-rule`."""

from __future__ import annotations

from engine.formulas.proving import value_of
from lessons.checks.backprop.chain_rule import which_is_kept
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberQuestion,
    Option,
    Slip,
)
from lessons.course.backprop.chain_rule.facts import START, TWICE


def _slope(of: str, at: str) -> float:
    """The slope of fc_1 or fc_2 by w or b at the point of the lesson, by autograd."""
    return value_of(rf"\frac{{d\, \mathrm{{{of}}}}}{{d{at}}}", START)


def _twice(latex: str) -> float:
    """A value where the question about two ways stands."""
    return value_of(latex, TWICE)


BOOK = CheckBook(
    "backprop",
    predicts={
        "chain_dw": NumberQuestion(
            answer=lambda: _slope("fc_2", "w"),
            explanation=r"$\frac{d\, \mathrm{fc}_2}{dw} = 2 \cdot 1 \cdot 0.5 \cdot (1 - 0.5)$.",
            slips=(
                Slip(
                    "outer-factor",
                    lambda: _slope("fc_1", "w"),
                    r"That is $d\,\mathrm{fc}_1 / dw$. One link is missing: "
                    r"$\mathrm{fc}_2$ moves twice as fast as $\mathrm{fc}_1$.",
                    line=(
                        r"\frac{d\, \mathrm{fc}_2}{dw} = x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                    right=(
                        r"\frac{d\, \mathrm{fc}_2}{dw} = 2\, x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                ),
                Slip(
                    "sign",
                    lambda: -_slope("fc_2", "w"),
                    r"The size is right. Two factors are negative, $-1/s^2$ and $-x$, so their "
                    "product is positive.",
                    line=(
                        r"\frac{d\, \mathrm{fc}_2}{dw} = -2\, x\, \mathrm{fc}_1 (1 "
                        r"- \mathrm{fc}_1)"
                    ),
                    right=(
                        r"\frac{d\, \mathrm{fc}_2}{dw} = 2\, x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                ),
                Slip(
                    "no-derivative",
                    lambda: value_of(r"2 x \mathrm{fc}_1", START),
                    r"You left out the factor $1 - \mathrm{fc}_1$, which comes from $v / s$.",
                    line=r"\frac{d\, \mathrm{fc}_2}{dw} = 2\, x\, \mathrm{fc}_1",
                    right=(
                        r"\frac{d\, \mathrm{fc}_2}{dw} = 2\, x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                ),
            ),
            hints=Hints(
                idea=(
                    "follow the links from $w$ to the result, and multiply how much each one moves "
                    "the next."
                ),
                formula=(
                    r"$\frac{d\, \mathrm{fc}_2}{dw} = 2\, x\, \mathrm{fc}_1 (1 - "
                    r"\mathrm{fc}_1)$"
                ),
                numbers=r"$\frac{d\, \mathrm{fc}_2}{dw} = 2 \cdot 1 \cdot 0.5 \cdot (1 - 0.5)$",
            ),
        ),
        "chain_db": NumberQuestion(
            answer=lambda: _slope("fc_2", "b"),
            explanation=r"$\frac{d\, \mathrm{fc}_2}{db} = -2 \cdot 0.5 \cdot (1 - 0.5)$: here a "
            "larger $b$ makes the result smaller.",
            slips=(
                Slip(
                    "sign",
                    lambda: -_slope("fc_2", "b"),
                    r"The sign is wrong. $b$ stands in the exponent with a plus, so a larger $b$ "
                    r"makes $s$ larger and $1/s$ smaller.",
                    line=(
                        r"\frac{d\, \mathrm{fc}_2}{db} = 2\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                    right=(
                        r"\frac{d\, \mathrm{fc}_2}{db} = -2\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                ),
                Slip(
                    "outer-factor",
                    lambda: _slope("fc_1", "b"),
                    r"That is $d\,\mathrm{fc}_1 / db$. Multiply by the link from "
                    r"$\mathrm{fc}_1$ to $\mathrm{fc}_2$.",
                    line=(
                        r"\frac{d\, \mathrm{fc}_2}{db} = -\mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                    right=(
                        r"\frac{d\, \mathrm{fc}_2}{db} = -2\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                ),
            ),
            hints=Hints(
                idea=(
                    "only the last link differs: where $w$ moved the exponent by $-x$, $b$ moves "
                    "it by 1."
                ),
                formula=(
                    r"$\frac{d\, \mathrm{fc}_2}{db} = -2\, \mathrm{fc}_1 (1 - "
                    r"\mathrm{fc}_1)$"
                ),
                numbers=r"$\frac{d\, \mathrm{fc}_2}{db} = -2 \cdot 0.5 \cdot (1 - 0.5)$",
            ),
        ),
        "chain_kept": ChoiceQuestion(
            options=(
                Option(
                    "Only `w.grad`.",
                    "`w` is a leaf: you made it, it was not computed. PyTorch uses the other "
                    "gradients on the way and then drops them.",
                    right=True,
                ),
                Option(
                    "`w.grad`, `fc1.grad` and `fc2.grad`.",
                    "All three are computed, and only that of the leaf `w` is kept. The others "
                    "would take memory that training does not need.",
                ),
                Option(
                    "`w.grad` and `fc2.grad`: the two ends of the walk.",
                    "The walk begins at `fc2`, but `fc2` is computed, too. Its gradient, 1, is "
                    "used and dropped like that of `fc1`.",
                ),
            ),
            proof=which_is_kept,
        ),
        "chain_twice": NumberQuestion(
            answer=lambda: _twice(r"\frac{dg}{dw}"),
            explanation=r"The two ways add up: $\frac{dg}{dw} = w x\, \mathrm{fc}_1 (1 - "
            r"\mathrm{fc}_1) + \mathrm{fc}_1$.",
            slips=(
                Slip(
                    "one-way-only",
                    lambda: _twice(r"w \frac{d\, \mathrm{fc}_1}{dw}"),
                    r"That is the way through $\mathrm{fc}_1$ alone. $w$ is also a factor of $g$ "
                    "itself: add that way.",
                    line=(r"\frac{dg}{dw} = w\, x\, \mathrm{fc}_1 (1 - \mathrm{fc}_1)"),
                    right=(
                        r"\frac{dg}{dw} = w\, x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1) + \mathrm{fc}_1"
                    ),
                ),
                Slip(
                    "one-way-only",
                    lambda: _twice(r"\mathrm{fc}_1"),
                    r"That is the direct way alone. $w$ moves $\mathrm{fc}_1$ as well: add that "
                    "way.",
                    line=r"\frac{dg}{dw} = \mathrm{fc}_1",
                    right=(
                        r"\frac{dg}{dw} = w\, x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1) + \mathrm{fc}_1"
                    ),
                ),
            ),
            hints=Hints(
                idea="$w$ acts on $g$ in two ways, and ways add up.",
                formula=(
                    r"$\frac{dg}{dw} = w\, x\, \mathrm{fc}_1 (1 - \mathrm{fc}_1) + "
                    r"\mathrm{fc}_1$"
                ),
                numbers=(
                    r"$\frac{dg}{dw} \approx \num{chain_twice_w}{2} \cdot "
                    r"\num{chain_twice_x}{1} \cdot \num{chain_twice_fc1}{0.8808} \cdot "
                    r"(1 - \num{chain_twice_fc1}{0.8808}) + \num{chain_twice_fc1}{0.8808}$"
                ),
            ),
        ),
    },
)
