"""What the formulas of `backprop/batches` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from engine.formulas.draws import ones
from engine.formulas.values import Value, transpose
from engine.worked_example import worked_example
from lessons.course.layers import NETWORK
from lessons.judge.values import Choice, QuestionValues, Shape

if TYPE_CHECKING:
    from engine.formulas.world import World

SECOND = (1.00, 0.00)
"""The sample that is put beside that of the worked network."""
BATCH, SENDS, GETS = 32, 784, 256
"""The batch and the layer that the question about shapes speaks of."""
SAMPLES = 5
"""How many samples the figure draws."""


def _inputs_by_torch(world: World) -> Value:
    """What the linear layer of torch makes of a batch of rows, turned into columns."""
    from torch.nn import functional

    rows, weights, biases = (world.value((key, (), None)) for key in ("X", "V", "b"))
    return transpose(functional.linear(rows, weights, biases.reshape(-1)))


NOTATION = (
    NETWORK.size("m")
    .index("s", "m")
    .drawn("A", r"S_l \times m")
    .defined(r"X = A^\top", r"m \times S_l")
    .drawn(r"\mathbf{1}", r"m \times 1", ones())
    .computed("Z", _inputs_by_torch, r"S_{l+1} \times m")
    .defined(r"V = (W^{(l)})^\top", r"S_{l+1} \times S_l")
    .drawn("P", r"S_l \times m")
    .drawn("Q", r"m \times S_{l+1}")
)


SCOPES = {
    "batches_weight_shape": (
        NOTATION.fixed("n", 3)
        .fixed("l", 1)
        .defined(f"S_1 = {SENDS}", "", over="l")
        .defined(f"S_2 = {GETS}", "", over="l")
        .fixed("m", BATCH)
    ),
}
"""The question about shapes speaks of one layer and one batch."""


def hidden_sums(*samples: tuple[float, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The sums z of the worked network's hidden layer: one row per unit, one column per sample."""
    given = worked_example()
    columns = np.array(samples).T
    found: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = (
        np.array(given.W[0]) @ columns + np.array(given.b[0])[:, None]
    )
    return found


def _bias_goes_to_rows() -> int:
    """Where a bias lands in a batch of rows: 0 where it is the same for every row."""
    X, W, b = np.eye(5, 4), np.ones((4, 3)), np.arange(1.0, 4.0)
    added = (X @ W + b) - X @ W
    return 0 if bool((added == added[0]).all()) else 1


def _sums_of_a_batch() -> tuple[int, ...]:
    """The shape of a batch of rows times the transpose of what nn.Linear stores."""
    return (np.zeros((BATCH, SENDS)) @ np.zeros((GETS, SENDS)).T).shape


NUMBERS: Mapping[str, Callable[[], float]] = {
    "first_x1": lambda: worked_example().x[0],
    "first_x2": lambda: worked_example().x[1],
    "second_x1": lambda: SECOND[0],
    "second_x2": lambda: SECOND[1],
    "first_h1": lambda: float(hidden_sums(worked_example().x)[0, 0]),
    "second_h1": lambda: float(hidden_sums(SECOND)[0, 0]),
}


QUESTIONS: Mapping[str, QuestionValues] = {
    "forward_bias_rows": Choice(_bias_goes_to_rows),
    "batches_weight_shape": Shape(
        _sums_of_a_batch,
        slips={
            "transposed": lambda: _sums_of_a_batch()[::-1],
            "stored-shape": lambda: (GETS, SENDS),
            "inputs-kept": lambda: (BATCH, SENDS),
            "one-sample": (lambda: (GETS, 1), lambda: (1, GETS)),
        },
    ),
}
