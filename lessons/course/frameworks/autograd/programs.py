"""The programs that `frameworks/autograd` shows and runs."""

from __future__ import annotations

import torch
from torch import Tensor

from engine.recipes.two_layer_autograd import forward, squared_error
from lessons.course.frameworks.numpy.programs import start


def line() -> None:
    """Print y = w x + b and its gradients."""
    x = torch.tensor(1.0, requires_grad=True)
    w = torch.tensor(2.0, requires_grad=True)
    b = torch.tensor(3.0, requires_grad=True)
    y = w * x + b
    y.backward()
    print("y     ", y.item())
    print("x.grad", x.grad)
    print("w.grad", w.grad)
    print("b.grad", b.grad)


def calls_add_up() -> None:
    """Print x.grad after each of three calls, and after zeroing."""
    x = torch.tensor(1.0, requires_grad=True)
    for call in (1, 2, 3):
        y = 2 * x + 3
        y.backward()
        print(f"after call {call}: {x.grad}")
    assert x.grad is not None
    x.grad.zero_()
    print("zeroed:      ", x.grad)
    (2 * x + 3).backward()
    print("one more:    ", x.grad)


def freed_graph() -> None:
    """Print what a second call finds, without and with retain_graph."""
    x = torch.tensor(1.0, requires_grad=True)
    w = torch.tensor(2.0, requires_grad=True)
    b = torch.tensor(3.0, requires_grad=True)
    y = w * x + b
    y.backward()
    print("call 1:", x.grad)
    try:
        y.backward()
    except RuntimeError as error:
        print("call 2:", str(error).split(" (")[0])

    x.grad = None
    y = w * x + b
    for call in (1, 2, 3):
        y.backward(retain_graph=True)
        print(f"kept, call {call}:", x.grad)


def constant_slope(zeroing: bool) -> float:
    """w after three updates of the loss 3w, from 1, with the learning rate 0.1."""
    w = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    for _ in range(3):
        (3 * w).backward()
        assert w.grad is not None
        with torch.no_grad():
            w -= 0.1 * w.grad
        if zeroing:
            w.grad.zero_()
    return w.item()


def steps_grow() -> None:
    """Print where three updates lead."""
    print(f"zeroed:     w = {constant_slope(zeroing=True):.1f}")
    print(f"not zeroed: w = {constant_slope(zeroing=False):.1f}")


def losses(zeroing: bool, steps: int) -> list[float]:
    """The losses of the two-layer network, step by step."""
    x, y, *weights = (torch.from_numpy(n) for n in start()[:4])
    w1, w2 = (w.requires_grad_() for w in weights)
    found = []
    for _ in range(steps):
        loss = squared_error(forward(x, w1, w2), y)
        loss.backward()
        with torch.no_grad():
            for w in (w1, w2):
                assert w.grad is not None
                w -= 1e-6 * w.grad
                if zeroing:
                    w.grad.zero_()
        found.append(loss.item())
    return found


def never_zeroed() -> None:
    """Print the losses with and without zeroing."""
    print("step          zeroed      not zeroed")
    both = zip(losses(True, 121), losses(False, 121), strict=True)
    for step, (zeroed, stale) in enumerate(both):
        if step in (0, 1, 2, 3, 6, 20, 60, 120):
            print(f"{step:4} {zeroed:15,.0f} {stale:15,.0f}")


def only_in_no_grad() -> None:
    """Print what becomes of an update outside, and inside, of no_grad."""
    w = torch.tensor(2.0, requires_grad=True)
    (w**2).backward()
    assert w.grad is not None
    try:
        w -= 0.1 * w.grad
    except RuntimeError as error:
        print("outside:", error)
    with torch.no_grad():
        w -= 0.1 * w.grad
    print(f"inside:  w = {w.item():.1f}, requires_grad {w.requires_grad}")


def unnoticed() -> None:
    """Print the gradient of w² computed at 3, after w was changed to 10."""
    w = torch.tensor(3.0, requires_grad=True)
    loss = w**2
    w.data += 7
    loss.backward()
    print("by .data:  ", w.grad)

    w = torch.tensor(3.0, requires_grad=True)
    loss = w**2
    with torch.no_grad():
        w += 7
    try:
        loss.backward()
    except RuntimeError as error:
        print("in no_grad:", str(error).split(":")[0])


def new_name_inside() -> None:
    """Print what w is after `w = w - ...` inside of no_grad."""
    w = torch.tensor(2.0, requires_grad=True)
    (w**2).backward()
    assert w.grad is not None
    with torch.no_grad():
        w = w - 0.1 * w.grad
    print(f"w = {w.item():.1f}, grad {w.grad}")
    print("requires_grad", w.requires_grad)
    try:
        (w**2).backward()
    except RuntimeError as error:
        print(error)


def what_a_loss_keeps() -> None:
    """Print what a loss holds beside its number."""
    w = torch.tensor(2.0, requires_grad=True)
    loss: Tensor = (3 * w - 5) ** 2
    print("loss         ", loss, loss.requires_grad)
    print("loss.detach()", loss.detach(), loss.detach().requires_grad)
    print("loss.item()  ", loss.item())
