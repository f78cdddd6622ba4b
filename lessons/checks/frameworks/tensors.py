"""The questions and numbers of `frameworks/tensors`."""

from __future__ import annotations

import math

from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Factor,
    FillQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    ShapeQuestion,
    ShapeSlip,
    Slip,
)
from lessons.course.frameworks.tensors.facts import NOTATION

BITS = 8
"""Bits of a byte."""


def _seen_through_the_transpose(*, cloned: bool) -> float:
    """w[1, 0] after an entry of its transpose was changed."""
    import torch

    w = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    v = w.t().clone() if cloned else w.t()
    v[0, 1] = 9
    return float(w[1, 0])


def _bytes_of_w1(kind: str) -> float:
    import torch

    return float(torch.empty(1000, 100, dtype=getattr(torch, kind)).nbytes)


def _loss_shape(*, dim: int | None = None, keepdim: bool = False) -> tuple[int, ...]:
    """The shape of (y_pred - y).pow(2).sum(), or of a sum over one axis."""
    import torch

    squares = torch.zeros(64, 10).pow(2)
    if dim is None:
        return tuple(squares.sum().shape)
    return tuple(squares.sum(dim=dim, keepdim=keepdim).shape)


def _caller_is_left() -> int:
    """What a step that binds its name anew does to the caller's tensor: 1 where nothing."""
    import torch

    from lessons.examples.frameworks_tensors import step_by_name

    w, grad = torch.tensor([1.0, 2.0]), torch.tensor([10.0, 10.0])
    step_by_name(w, grad)
    return 1 if w.tolist() == [1.0, 2.0] else 0


def _bits(kind: str) -> float:
    import torch

    return float(torch.finfo(getattr(torch, kind)).bits)


def _digits(kind: str) -> float:
    """How many decimal digits a kind of number keeps."""
    import torch

    return -math.log10(torch.finfo(getattr(torch, kind)).eps)


_W1_FROM_Z = r"\frac{\partial L}{\partial W^{(1)}} = \square \, \frac{\partial L}{\partial Z}"

BOOK = CheckBook(
    "frameworks",
    numbers={
        "tensors_bytes_64": NumberCheck(lambda: _bytes_of_w1("float64")),
        "tensors_bits_32": NumberCheck(lambda: _bits("float32")),
        "tensors_bits_64": NumberCheck(lambda: _bits("float64")),
        "tensors_digits_32": NumberCheck(lambda: _digits("float32")),
        "tensors_digits_64": NumberCheck(lambda: _digits("float64")),
        "tensors_float_bytes": NumberCheck(lambda: _bits("float32") / BITS),
        "tensors_double_bytes": NumberCheck(lambda: _bits("float64") / BITS),
        "tensors_byte": NumberCheck(lambda: BITS),
    },
    predicts={
        "tensors_view": NumberQuestion(
            answer=lambda: _seen_through_the_transpose(cloned=False),
            explanation="`v` and `w` look at the same four numbers. Row 0, column 1 of the "
            "transpose is row 1, column 0 of `w`.",
            tolerance=0,
            slips=(
                Slip(
                    "view-for-copy",
                    lambda: _seen_through_the_transpose(cloned=True),
                    "That is the old value. `t()` copies nothing: it shows the same numbers in "
                    "another order. A copy would be `w.t().clone()`.",
                    line=r"w_{10} = 3",
                    right=r"w_{10} = v_{01}",
                ),
            ),
            hints=Hints(
                idea="does `t()` make new numbers, or does it look at the old ones?",
                formula=r"$v_{ij} = w_{ji}$, and both stand in the same place in memory",
                numbers="$v_{01} = w_{10}$, and $v_{01}$ was just set",
            ),
        ),
        "tensors_bytes": NumberQuestion(
            answer=lambda: _bytes_of_w1("float32"),
            explanation="Four bytes a number. The same in float64 takes "
            "[800 000](number:tensors_bytes_64) bytes, and twice the time to move.",
            tolerance=0,
            slips=(
                Slip(
                    "double-precision",
                    lambda: _bytes_of_w1("float64"),
                    "That is float64, [8](number:tensors_double_bytes) bytes a number, as NumPy "
                    "takes it. A tensor is float32 "
                    "unless you say otherwise.",
                    line=r"1000 \cdot 100 \cdot 8",
                    right=r"1000 \cdot 100 \cdot 4",
                ),
                Slip(
                    "numbers-for-bytes",
                    lambda: 1000.0 * 100.0,
                    "That is how many numbers there are. Each takes several bytes.",
                    line=r"1000 \cdot 100",
                    right=r"1000 \cdot 100 \cdot 4",
                ),
                Slip(
                    "bits-for-bytes",
                    lambda: 1000.0 * 100.0 * 32,
                    "Those are bits. A byte has [8](number:tensors_byte) of them.",
                    line=r"1000 \cdot 100 \cdot 32",
                    right=r"1000 \cdot 100 \cdot 32 / 8",
                ),
            ),
            hints=Hints(
                idea="[32](number:tensors_bits_32) bits are [4](number:tensors_float_bytes) bytes, "
                "and each weight takes as many.",
                formula="numbers times bytes a number",
                numbers="[1000](number:features) · [100](number:units) · "
                "[4](number:tensors_float_bytes)",
            ),
        ),
        "tensors_missing_factor": FillQuestion(
            formula=_W1_FROM_Z,
            factors=(
                Factor(
                    r"A^\top",
                    "That is what the *second* weights take in. The first weights take in the "
                    "features.",
                    slip="wrong-source",
                ),
                Factor(
                    r"X^\top",
                    "What comes in, transposed, times what comes back: `x.t().mm(grad_h)`.",
                ),
                Factor(
                    "X",
                    r"`x.mm(grad_h)` stops with an error: $\num{samples}{64} \times "
                    r"\num{features}{1000}$ and $\num{samples}{64} \times \num{units}{100}$ do not "
                    r"fit. The axis of the samples has to be the inner one.",
                    slip="row-for-column",
                ),
                Factor(
                    r"(W^{(1)})^\top",
                    "The weights carry blame further back, to the features. For their own "
                    "gradient you need what came in.",
                ),
            ),
            notation=NOTATION,
        ),
        "tensors_loss_shape": ShapeQuestion(
            shape=_loss_shape,
            explanation="A sum over all axes leaves none. It is still a tensor; `item()` makes a "
            "Python number of it.",
            slips=(
                ShapeSlip(
                    "sum-forgotten",
                    lambda: (64, 10),
                    "That is the table of the squared errors. `sum()` adds up all of them.",
                    line=r"(Y - T) \odot (Y - T)",
                    right=r"\sum_s \sum_i (Y_{si} - T_{si})^2",
                ),
                ShapeSlip(
                    "summed-per-sample",
                    lambda: _loss_shape(dim=1),
                    "That is one sum a sample. Without `dim`, `sum()` goes over both axes.",
                    line=r"((Y - T) \odot (Y - T)) \, \mathbf{1}",
                    right=r"\sum_s \sum_i (Y_{si} - T_{si})^2",
                ),
                ShapeSlip(
                    "one-element-axis",
                    lambda: (1,),
                    "That would be a list with one number in it. This is a single number without "
                    "any axis.",
                    line=r"\left[ \sum_s \sum_i (Y_{si} - T_{si})^2 \right]",
                    right=r"\sum_s \sum_i (Y_{si} - T_{si})^2",
                ),
            ),
            hints=Hints(
                idea="count the axes: each sum takes one away.",
                formula=r"$N \times D_\mathrm{out}$, less both axes",
                numbers="[64](number:samples) × [10](number:outputs), less the "
                "[64](number:samples) "
                "and less the [10](number:outputs)",
            ),
        ),
        "tensors_rebind": ChoiceQuestion(
            options=(
                Option(
                    "The weights move as before.",
                    "The new values stand in a new tensor, and its name lives inside the "
                    "function only. The caller's tensor keeps its values.",
                    slip="rebind-name",
                    line=r"w = w - \eta \, g",
                    right_line=r"\define{w \leftarrow w - \eta \, g}",
                ),
                Option(
                    "Nothing moves: the caller's tensors keep their values.",
                    "`w1 = …` gives a new tensor the old name, and only inside the function. "
                    "`w1 -= …` changes the numbers that the caller sees.",
                    right=True,
                ),
                Option(
                    "The program stops with an error.",
                    "Both lines are allowed, so there is no message. The loss simply stays where "
                    "it is.",
                ),
            ),
            proof=_caller_is_left,
        ),
    },
)
