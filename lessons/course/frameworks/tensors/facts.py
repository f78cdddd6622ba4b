"""What the formulas of `frameworks/tensors` speak of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from engine.formulas.draws import constant, ones, positive
from engine.formulas.notation import Notation
from engine.recipes.catalog import find_recipe
from engine.recipes.two_layer_sizes import D_IN, D_OUT, H, N
from lessons.course.frameworks.first_steps import losses
from lessons.course.frameworks.two_layer import NETWORK, SIZED
from lessons.judge.values import Choice, Fill, Number, QuestionValues, Shape

NOTATION = NETWORK.drawn("w").drawn("g").drawn(r"\eta", make=positive())


_VIEW = (
    Notation()
    .drawn("v", r"2 \times 2", constant([[1.0, 9.0], [2.0, 4.0]]), start=0)
    .defined(r"w = v^\top", r"2 \times 2", start=0)
    .index("i j", "2", start=0)
)
"""After the entry was set: both look at the same numbers, counted from 0 as in the code."""


SCOPES = {
    "tensors_view": _VIEW,
    "tensors_loss_shape": SIZED.drawn(r"\mathbf{1}", r"D_\mathrm{out} \times 1", ones()),
}


def _seen_through_the_transpose(*, cloned: bool) -> float:
    """w[1, 0] after an entry of its transpose was changed."""
    import torch

    w = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    v = w.t().clone() if cloned else w.t()
    v[0, 1] = 9
    return float(w[1, 0])


def _loss_shape(*, dim: int | None = None, keepdim: bool = False) -> tuple[int, ...]:
    """The shape of (y_pred - y).pow(2).sum(), or of a sum over one axis."""
    import torch

    squares = torch.zeros(64, 10).pow(2)
    if dim is None:
        return tuple(squares.sum().shape)
    return tuple(squares.sum(dim=dim, keepdim=keepdim).shape)


A_SHAPE, B_SHAPE = (8, 1, 4, 3), (5, 3, 2)
"""Of the factors of the batched product that is asked for."""


def _matmul_shape() -> tuple[int, ...]:
    import torch

    return tuple(torch.matmul(torch.ones(A_SHAPE), torch.ones(B_SHAPE)).shape)


def _dot_shape() -> tuple[int, ...]:
    """What np.dot makes of the same shapes."""
    import numpy as np

    shape: tuple[int, ...] = np.dot(np.ones(A_SHAPE), np.ones(B_SHAPE)).shape
    return shape


def _without(shape: tuple[int, ...], place: int) -> tuple[int, ...]:
    return shape[:place] + shape[place + 1 :]


def _swapped(shape: tuple[int, ...], place: int) -> tuple[int, ...]:
    """The shape with the axes at `place` and after it exchanged."""
    return (*shape[:place], shape[place + 1], shape[place], *shape[place + 2 :])


def _caller_is_left() -> int:
    """What a step that binds its name anew does to the caller's tensor: 1 where nothing."""
    import torch

    from lessons.course.frameworks.tensors.programs import step_by_name

    w, grad = torch.tensor([1.0, 2.0]), torch.tensor([10.0, 10.0])
    step_by_name(w, grad)
    return 1 if w.tolist() == [1.0, 2.0] else 0


def _bytes_of_w1(kind: str) -> float:
    import torch

    return float(torch.empty(1000, 100, dtype=getattr(torch, kind)).nbytes)


def _bits(kind: str) -> float:
    import torch

    return float(torch.finfo(getattr(torch, kind)).bits)


BITS = 8
"""Bits of a byte."""


LAB_STEPS = 100
"""Updates of the lab."""


def _digits(kind: str) -> float:
    """How many decimal digits a kind of number keeps."""
    import torch

    return -math.log10(torch.finfo(getattr(torch, kind)).eps)


NUMBERS: Mapping[str, Callable[[], float]] = {
    "tensors_steps": lambda: float(find_recipe("two-layer-tensors").settings({})["epochs"]),
    "tensors_lab_steps": lambda: LAB_STEPS,
    "features": lambda: D_IN,
    "outputs": lambda: D_OUT,
    "samples": lambda: N,
    "tensors_bits_32": lambda: _bits("float32"),
    "tensors_bits_64": lambda: _bits("float64"),
    "tensors_byte": lambda: BITS,
    "tensors_bytes_64": lambda: _bytes_of_w1("float64"),
    "tensors_digits_32": lambda: _digits("float32"),
    "tensors_digits_64": lambda: _digits("float64"),
    "tensors_double_bytes": lambda: _bits("float64") / BITS,
    "tensors_float_bytes": lambda: _bits("float32") / BITS,
    "units": lambda: H,
}


def _lab_apart() -> int:
    """How far apart the versions are after the updates of the lab: not at all, hardly, clearly."""
    from itertools import islice

    from engine.recipes.catalog import find_recipe
    from engine.training.lockstep import common_orders, load_lockstep
    from engine.training.task import Source

    recipes = [find_recipe(f"two-layer-{version}") for version in ("numpy", "tensors")]
    run = load_lockstep(common_orders(recipes, {}, Source("cpu"))).run()
    farthest = max(step.gap.relative for step in islice(run, LAB_STEPS))
    return 0 if farthest == 0 else 1 if farthest < 1e-14 else 2


def _train_tensors_curve() -> int:
    """The losses of both versions: those of tensors below, the same, or above."""
    share = losses("tensors", 30)[-1] / losses("numpy", 30)[-1]
    return 0 if share < 0.9 else 1 if share < 1.1 else 2


QUESTIONS: Mapping[str, QuestionValues] = {
    "tensors_view": Number(
        lambda: _seen_through_the_transpose(cloned=False),
        slips={
            "view-for-copy": lambda: _seen_through_the_transpose(cloned=True),
            "read-from-transpose": lambda: 2.0,
        },
        tolerance=0,
    ),
    "tensors_matmul_shape": Shape(
        _matmul_shape,
        slips={
            "length-one-kept": lambda: (*A_SHAPE[:3], B_SHAPE[2]),
            "batch-axis-lost": lambda: _without(_matmul_shape(), 0),
            "order-of-axes": lambda: _swapped(_matmul_shape(), 0),
            "transposed": lambda: _swapped(_matmul_shape(), 2),
            "like-dot": _dot_shape,
            "batch-multiplied": lambda: (A_SHAPE[0] * B_SHAPE[0], A_SHAPE[2], B_SHAPE[2]),
        },
    ),
    "tensors_loss_shape": Shape(
        _loss_shape,
        slips={
            "sum-forgotten": lambda: (64, 10),
            "summed-per-sample": lambda: _loss_shape(dim=1),
            "summed-per-output": lambda: _loss_shape(dim=0),
            "one-element-axis": lambda: (1,),
        },
    ),
    "tensors_missing_factor": Fill(NOTATION),
    "tensors_rebind": Choice(_caller_is_left),
    "tensors_bytes": Number(
        lambda: _bytes_of_w1("float32"),
        slips={
            "double-precision": lambda: _bytes_of_w1("float64"),
            "numbers-for-bytes": lambda: 1000.0 * 100.0,
            "bits-for-bytes": lambda: 1000.0 * 100.0 * 32,
        },
        tolerance=0,
    ),
    "lab_tensors_apart": Choice(_lab_apart),
    "train_tensors_curve": Choice(_train_tensors_curve),
}
