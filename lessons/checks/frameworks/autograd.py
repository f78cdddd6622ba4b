"""The checks of `frameworks/autograd`: the line, what adds up, what moves."""

from __future__ import annotations

from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    Slip,
)

# --- numbers and questions -----------------------------------------------------------------


def _gradient_of_line(at: str, calls: int = 1) -> float:
    """What .grad holds at x = 1, w = 2, b = 3 after so many calls of backward()."""
    import torch

    given = {
        name: torch.tensor(value, requires_grad=True)
        for name, value in (("x", 1.0), ("w", 2.0), ("b", 3.0))
    }
    for _ in range(calls):
        (given["w"] * given["x"] + given["b"]).backward()
    found = given[at].grad
    assert found is not None
    return float(found)


def _gradient_of_error() -> float:
    """∂(y − t)²/∂w at x = 3, w = 2, b = 1, t = 10."""
    import torch

    w = torch.tensor(2.0, requires_grad=True)
    ((w * 3.0 + 1.0 - 10.0) ** 2).backward()
    assert w.grad is not None
    return float(w.grad)


def _after_three(*, zeroing: bool) -> float:
    from lessons.examples.frameworks_autograd import constant_slope

    return constant_slope(zeroing)


def _name_inside() -> int:
    """What `w = w - ...` in no_grad leaves: 1 where the next backward() fails."""
    import torch

    w = torch.tensor(2.0, requires_grad=True)
    (w**2).backward()
    assert w.grad is not None
    with torch.no_grad():
        w = w - 0.1 * w.grad
    try:
        (w**2).backward()
    except RuntimeError:
        return 1
    return 0


BOOK = CheckBook(
    "frameworks",
    numbers={
        "autograd_w": NumberCheck(lambda: _gradient_of_line("w")),
        "autograd_b": NumberCheck(lambda: _gradient_of_line("b")),
    },
    predicts={
        "autograd_x": NumberQuestion(
            answer=lambda: _gradient_of_line("x"),
            explanation="The derivative of $y = wx + b$ by $x$ is $w$.",
            tolerance=0,
            slips=(
                Slip(
                    "value-for-slope",
                    lambda: 5.0,
                    "That is the value of $y$. A gradient says how fast $y$ moves when $x$ moves.",
                    line="w x + b",
                    right=r"\frac{\partial y}{\partial x} = w",
                ),
                Slip(
                    "own-value",
                    lambda: 1.0,
                    "That is $x$ itself, which is the derivative by $w$. By $x$, the factor that "
                    "stays is the other one.",
                    line=r"\frac{\partial y}{\partial x} = x",
                    right=r"\frac{\partial y}{\partial x} = w",
                ),
                Slip(
                    "one-term",
                    lambda: 3.0,
                    "That is $b$. It does not move with $x$, so it plays no part here.",
                    line=r"\frac{\partial y}{\partial x} = b",
                    right=r"\frac{\partial y}{\partial x} = w",
                ),
            ),
            hints=Hints(
                idea="move $x$ alone by 1: by how much does $y$ move?",
                formula=r"$\partial y / \partial x = w$",
                numbers="$w$, which was given above",
            ),
        ),
        "autograd_error_slope": NumberQuestion(
            answer=_gradient_of_error,
            explanation=r"$\partial L / \partial w = 2 \cdot (7 - 10) \cdot 3$. It is negative: a "
            r"larger $w$ would bring $y$ "
            "nearer to its target.",
            tolerance=0,
            slips=(
                Slip(
                    "no-input",
                    lambda: _gradient_of_error() / 3,
                    r"That is $\partial L / \partial y$. But $\partial y / \partial w = 3$: $y$ "
                    r"moves "
                    "faster than $w$.",
                    line=r"\frac{\partial L}{\partial w} = 2\,(y - t)",
                    right=r"\frac{\partial L}{\partial w} = 2\,(y - t)\, x",
                ),
                Slip(
                    "no-two",
                    lambda: _gradient_of_error() / 2,
                    "The derivative of a square brings a 2, and this loss has no ½ to cancel it.",
                    line=r"\frac{\partial L}{\partial w} = (y - t)\, x",
                    right=r"\frac{\partial L}{\partial w} = 2\,(y - t)\, x",
                ),
                Slip(
                    "sign",
                    lambda: -_gradient_of_error(),
                    "The size is right. The error is $y - t$: output minus target.",
                    line=r"\frac{\partial L}{\partial w} = 2\,(t - y)\, x",
                    right=r"\frac{\partial L}{\partial w} = 2\,(y - t)\, x",
                ),
            ),
            hints=Hints(
                idea="two links: how the loss moves with $y$, and how $y$ moves with $w$.",
                formula=r"$\partial L / \partial w = 2\,(y - t)\, x$",
                numbers=r"$\partial L / \partial w = 2 \cdot (7 - 10) \cdot 3$",
            ),
        ),
        "autograd_three_calls": NumberQuestion(
            answer=lambda: _gradient_of_line("x", calls=3),
            explanation=r"$\mathrm{grad} = 2 + 2 + 2$: each call adds to what is there.",
            tolerance=0,
            slips=(
                Slip(
                    "stale-grad",
                    lambda: _gradient_of_line("x"),
                    "That is what one call finds. `backward()` adds it to what `grad` holds "
                    "already.",
                    line=r"\mathrm{grad} = \frac{\partial y}{\partial x}",
                    right=r"\mathrm{grad} = \frac{\partial y}{\partial x} + "
                    r"\frac{\partial y}{\partial x} + \frac{\partial y}{\partial x}",
                ),
            ),
            hints=Hints(
                idea="nothing empties `grad` between the calls.",
                formula=r"each call: $\define{\mathrm{grad} \leftarrow \mathrm{grad} + \partial y "
                r"/ "
                r"\partial x}$",
                numbers=r"$\mathrm{grad} = 2 + 2 + 2$",
            ),
        ),
        "autograd_never_zeroed": NumberQuestion(
            answer=lambda: _after_three(zeroing=False),
            explanation="The three steps are 1, 2 and 3 gradients long: "
            r"$w_3 = 1 - 0.1 \cdot 2 \cdot (1 + 2 + 3)$.",
            slips=(
                Slip(
                    "stale-grad",
                    lambda: _after_three(zeroing=True),
                    "That is where three right steps lead. Without zeroing the second step finds "
                    "two gradients in `grad`, and the third finds three.",
                    line=r"w_3 = w_0 - \eta \, g \, (1 + 1 + 1)",
                    right=r"w_3 = w_0 - \eta \, g \, (1 + 2 + 3)",
                ),
                Slip(
                    "uphill",
                    lambda: 2 - _after_three(zeroing=False),
                    "That goes with the gradient. An update goes against it.",
                    line=r"w_3 = w_0 + \eta \, g \, (1 + 2 + 3)",
                    right=r"w_3 = w_0 - \eta \, g \, (1 + 2 + 3)",
                ),
            ),
            hints=Hints(
                idea="write down what `grad` holds before each of the three updates.",
                formula=r"$w_3 = w_0 - \eta \, g \, (1 + 2 + 3)$",
                numbers=r"$w_3 = 1 - 0.1 \cdot 2 \cdot 6$",
            ),
        ),
        "autograd_name_inside": ChoiceQuestion(
            options=(
                Option(
                    "Nothing is wrong: it stands inside `no_grad`.",
                    "The update is outside of the graph, and that part is right. But `w` is "
                    "another tensor now, one that asks for no gradient.",
                    slip="rebind-leaf",
                    line=r"w = w - \eta \, \mathrm{grad}",
                    right_line=r"\define{w \leftarrow w - \eta \, \mathrm{grad}}",
                ),
                Option(
                    "The next `backward()` fails: `w` does not ask for a gradient any more.",
                    "What is computed in `no_grad` never asks for one. `w -= …` changes the leaf "
                    "and leaves it a leaf.",
                    right=True,
                ),
                Option(
                    "The update is twice as long.",
                    "The value is right. What has changed is which tensor is called `w`.",
                ),
            ),
            proof=_name_inside,
        ),
    },
)
