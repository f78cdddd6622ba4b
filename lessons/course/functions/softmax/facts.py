"""What the formulas of `functions/softmax` speak of."""

from __future__ import annotations

from engine.formulas import values as v
from engine.formulas.draws import positive, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World

SAMPLES = ((-1.0, 2.0, -3.0, 4.0), (-2.0, 3.0, -3.0, 9.0))
"""The two samples of the lesson: a score for each of four classes."""
BATCH, CLASSES = 32, 10
"""The batch whose sums are asked for."""
SCALE = 2.0
"""What all scores are multiplied by in a question."""
VOCABULARY = 50_000
"""Words to choose from in a large model."""


def _softmax(world: World) -> Value:
    """PyTorch's own softmax of the scores."""
    import torch

    return torch.softmax(v.tensor(world.value(("z", (), None))), dim=0)


NOTATION = (
    Notation()
    .size("n")
    .size("K")
    .drawn("z", r"K \times 1", uniform(-1.5, 1.5))
    .computed("p", _softmax, r"K \times 1")
    .defined(r"\mathbf{p} = p", r"K \times 1")
    .defined(r"S = \sum_k \exp(z_k)", "")
    .drawn("Z", r"n \times K", uniform(-1.5, 1.5))
    .defined(r"S_s = \sum_k \exp(Z_{sk})", "", over="s")
    .drawn("c", "", uniform(0.3, 1.5))
    .drawn("T", "", positive())
    .computed(r"\delta_{ij}", lambda world, i, j: float(i == j), "", over="i j")
    .defined(r"J = \frac{\partial p}{\partial z}", r"K \times K")
    .drawn("y", r"K \times 1")
    .defined(r"L = \sum_k y_k p_k^2", "")
    .defined(r"g_i = \frac{\partial L}{\partial p_i}", "", over="i")
    .entrywise(r"\sigma", "sigmoid")
    .index("i j k", "K")
    .index("s", "n")
)
"""Scores of one sample and of a batch; p is PyTorch's softmax, L some loss of p."""

FOUR = NOTATION.fixed("K", 4)
FIRST = FOUR.fixed("z", list(SAMPLES[0]), r"K \times 1")
_BATCH = NOTATION.fixed("n", BATCH).fixed("K", CLASSES)

SCOPES = {
    "first_sample": FIRST,
    "softmax_sums": _BATCH.defined(
        r"S = \begin{bmatrix} S_1 \\ \vdots \\ S_n \end{bmatrix}", r"n \times 1"
    ),
    "softmax_other": NOTATION.index("j", "K", unlike="i"),
    "softmax_cross": FIRST.given(i=2, j=4),
    "softmax_jacobian_matrix": FOUR,
    "softmax_backward_sum": FOUR.defined(r"L = \sum_i p_i", ""),
    "softmax_two": NOTATION.fixed("K", 2),
}
