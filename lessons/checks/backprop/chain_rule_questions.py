"""The questions of `backprop/chain-rule`."""

from __future__ import annotations

from lessons.checks.backprop.chain_rule import (
    at_start,
    slope,
    through_fc1,
    twice,
    twice_slope,
    which_is_kept,
)
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberQuestion,
    Option,
    Slip,
)

BOOK = CheckBook(
    "backprop",
    predicts={
        "chain_dw": NumberQuestion(
            answer=lambda: slope("fc2", "w"),
            explanation=r"$2 \cdot 1 \cdot 0.5 \cdot (1 - 0.5)$.",
            slips=(
                Slip(
                    "outer-factor",
                    lambda: slope("fc1", "w"),
                    r"That is $\partial\, \mathrm{fc}_1 / \partial w$. One link is missing: "
                    r"$\mathrm{fc}_2$ moves twice as fast as $\mathrm{fc}_1$.",
                    line=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial w} = x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                    right=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial w} = 2\, x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                ),
                Slip(
                    "sign",
                    lambda: -slope("fc2", "w"),
                    r"The size is right. Two factors are negative, $-1/s^2$ and $-x$, so their "
                    "product is positive.",
                    line=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial w} = -2\, x\, \mathrm{fc}_1 (1 "
                        r"- \mathrm{fc}_1)"
                    ),
                    right=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial w} = 2\, x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                ),
                Slip(
                    "no-derivative",
                    lambda: 2 * float(at_start().fc1),
                    r"You left out the factor $1 - \mathrm{fc}_1$, which comes from $v / s$.",
                    line=r"\frac{\partial\, \mathrm{fc}_2}{\partial w} = 2\, x\, \mathrm{fc}_1",
                    right=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial w} = 2\, x\, \mathrm{fc}_1 (1 - "
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
                    r"$\frac{\partial\, \mathrm{fc}_2}{\partial w} = 2\, x\, \mathrm{fc}_1 (1 - "
                    r"\mathrm{fc}_1)$"
                ),
                numbers="2 · 1 · 0.5 · (1 − 0.5)",
            ),
        ),
        "chain_db": NumberQuestion(
            answer=lambda: slope("fc2", "b"),
            explanation=r"$-2 \cdot 0.5 \cdot (1 - 0.5)$: here a larger $b$ makes the result "
            "smaller.",
            slips=(
                Slip(
                    "sign",
                    lambda: -slope("fc2", "b"),
                    r"The sign is wrong. $b$ stands in the exponent with a plus, so a larger $b$ "
                    r"makes $s$ larger and $1/s$ smaller.",
                    line=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial b} = 2\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                    right=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial b} = -2\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                ),
                Slip(
                    "outer-factor",
                    lambda: slope("fc1", "b"),
                    r"That is $\partial\, \mathrm{fc}_1 / \partial b$. Multiply by the link from "
                    r"$\mathrm{fc}_1$ to $\mathrm{fc}_2$.",
                    line=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial b} = -\mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                    right=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial b} = -2\, \mathrm{fc}_1 (1 - "
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
                    r"$\frac{\partial\, \mathrm{fc}_2}{\partial b} = -2\, \mathrm{fc}_1 (1 - "
                    r"\mathrm{fc}_1)$"
                ),
                numbers="−2 · 0.5 · (1 − 0.5)",
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
            answer=twice_slope,
            explanation=r"$w x\, \mathrm{fc}_1 (1 - \mathrm{fc}_1) + \mathrm{fc}_1$: the two ways "
            "add up.",
            slips=(
                Slip(
                    "one-way-only",
                    through_fc1,
                    r"That is the way through $\mathrm{fc}_1$ alone. $w$ is also a factor of $g$ "
                    "itself: add that way.",
                    line=(
                        r"\frac{\partial g}{\partial w} = w\, x\, \mathrm{fc}_1 (1 - \mathrm{fc}_1)"
                    ),
                    right=(
                        r"\frac{\partial g}{\partial w} = w\, x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1) + \mathrm{fc}_1"
                    ),
                ),
                Slip(
                    "one-way-only",
                    lambda: float(twice().fc1),
                    r"That is the direct way alone. $w$ moves $\mathrm{fc}_1$ as well: add that "
                    "way.",
                    line=r"\frac{\partial g}{\partial w} = \mathrm{fc}_1",
                    right=(
                        r"\frac{\partial g}{\partial w} = w\, x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1) + \mathrm{fc}_1"
                    ),
                ),
            ),
            hints=Hints(
                idea="$w$ acts on $g$ in two ways, and ways add up.",
                formula=(
                    r"$\frac{\partial g}{\partial w} = w\, x\, \mathrm{fc}_1 (1 - \mathrm{fc}_1) + "
                    r"\mathrm{fc}_1$"
                ),
                numbers=(
                    "2 · 1 · [0.8808](number:chain_fc1_at_2) · (1 − "
                    "[0.8808](number:chain_fc1_at_2)) + [0.8808](number:chain_fc1_at_2)"
                ),
            ),
        ),
    },
)
