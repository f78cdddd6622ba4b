"""Programs that show sentences of `frameworks/autograd` to be true."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from lessons.course.frameworks.first_steps import losses
from lessons.proof.claims import Claim

if TYPE_CHECKING:
    from torch import Tensor


def _leaf(value: float) -> Tensor:
    import torch

    return torch.tensor(value, requires_grad=True)


def _is_refused(program: Callable[[], Any]) -> bool:
    """Whether PyTorch stops a program with an error."""
    try:
        program()
    except RuntimeError:
        return True
    return False


def _grad_of(tensor: Tensor) -> float | None:
    """Its gradient as a number; without the warning that PyTorch gives for a result."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return None if tensor.grad is None else float(tensor.grad)


def leaves_keep() -> bool:
    """After backward() the leaf has its gradient; the value between it and the result has none."""
    x = _leaf(1.0)
    y = 2 * x
    (y * y).backward()
    return x.is_leaf and _grad_of(x) == 8.0 and not y.is_leaf and _grad_of(y) is None


def two_halves() -> bool:
    """Summed losses of two halves of a batch, one after the other, and of the whole batch."""
    import torch

    generator = torch.Generator().manual_seed(0)
    x = torch.randn(8, 3, generator=generator, dtype=torch.float64)
    w = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    for half in x.split(4):
        (half @ w - 1).pow(2).sum().backward()
    (whole,) = torch.autograd.grad((x @ w - 1).pow(2).sum(), w)
    return w.grad is not None and torch.allclose(w.grad, whole)


def freed_graph() -> bool:
    """y = wx + b: the second backward() raises a RuntimeError, and adds nothing."""
    x, w, b = map(_leaf, (1.0, 2.0, 3.0))
    y = w * x + b
    y.backward()
    return _is_refused(y.backward) and _grad_of(x) == 2.0


def retained_graph() -> bool:
    """y = wx + b: with retain_graph=True three calls add up, and a last one without it works."""
    x, w, b = map(_leaf, (1.0, 2.0, 3.0))
    y = w * x + b
    for _ in range(3):
        y.backward(retain_graph=True)
    y.backward()
    return _grad_of(x) == 8.0 and _is_refused(y.backward)


def stale_at_first() -> bool:
    """Losses with and without zeroing: without, smaller after two steps, and larger after six."""
    from lessons.course.frameworks.autograd.programs import losses

    zeroed, stale = losses(True, 7), losses(False, 7)
    return stale[2] < zeroed[2] / 2 and stale[6] > max(stale[2], 2 * zeroed[6])


def _saved_values(context: Any) -> int:
    """How many tensors a forward pass of two layers saves for the way back."""
    import torch
    from torch.autograd.graph import saved_tensors_hooks

    saved: list[Tensor] = []

    def pack(tensor: Tensor) -> Tensor:
        saved.append(tensor)
        return tensor

    w1, w2 = (torch.ones(*shape, requires_grad=True) for shape in ((4, 3), (3, 2)))
    with saved_tensors_hooks(pack, lambda tensor: tensor), context:
        torch.ones(5, 4).mm(w1).clamp(min=0).mm(w2)
    return len(saved)


def no_graph_saved() -> bool:
    """Tensors that a forward pass saves: some with a record, none in the two modes without one."""
    from contextlib import nullcontext

    import torch

    return (
        _saved_values(nullcontext())
        > 0
        == (_saved_values(torch.no_grad()) + _saved_values(torch.inference_mode()))
    )


def inference_apart() -> bool:
    """A result of each mode as a factor in a new graph: of inference_mode it is refused."""
    import torch

    w = _leaf(2.0)
    with torch.inference_mode():
        apart = w * 3
    with torch.no_grad():
        constant = w * 3
    (constant * w).backward()
    no_versions = _is_refused(lambda: apart._version)
    return no_versions and _grad_of(w) == 6.0 and _is_refused(lambda: (apart * w).backward())


def data_shares() -> bool:
    """w.data and w.detach() are at the place of w in memory, and have no requires_grad."""
    w = _leaf(2.0)
    return all(
        other.data_ptr() == w.data_ptr() and not other.requires_grad
        for other in (w.data, w.detach())
    )


def data_unnoticed() -> bool:
    """w² computed at 3, changed to 10: by .data the gradient is 20, in no_grad it is refused."""
    import torch

    w = _leaf(3.0)
    loss = w**2
    w.data += 7
    loss.backward()
    other = _leaf(3.0)
    loss = other**2
    with torch.no_grad():
        other += 7
    return _grad_of(w) == 20.0 and _is_refused(loss.backward)


def leaf_in_place() -> bool:
    """A leaf changed in place: refused while PyTorch records, unless it needs no gradient."""
    import torch

    w, free = _leaf(2.0), torch.tensor(2.0)
    free -= 1

    def change() -> None:
        nonlocal w
        w -= 1

    refused = _is_refused(change)
    with torch.no_grad():
        w -= 1
    return refused and w.is_leaf and w.requires_grad and w.item() == free.item() == 1.0


def name_outside() -> bool:
    """After w = w - lr * w.grad while recording, w has a graph, and backward() fills no w.grad."""
    w = _leaf(2.0)
    (w**2).backward()
    assert w.grad is not None
    w = w - 0.1 * w.grad
    (w**2).backward()
    return w.requires_grad and not w.is_leaf and _grad_of(w) is None


def zero_grad_early() -> bool:
    """optimiser.zero_grad() before the first backward() runs, and leaves grad empty."""
    import torch

    w = _leaf(2.0)
    torch.optim.SGD([w], lr=0.1).zero_grad()
    return w.grad is None


def nodes_stay() -> bool:
    """After backward() a loss still has its node, and the nodes before it; detach() has none."""
    w = _leaf(2.0)
    loss = (3 * w - 5) ** 2
    loss.backward()
    node = loss.grad_fn
    return node is not None and bool(node.next_functions) and loss.detach().grad_fn is None


def autograd_exact() -> bool:
    """50 steps with gradients by hand and by autograd: each loss within a thousandth."""
    both = zip(losses("tensors", 50), losses("autograd", 50), strict=True)
    return all(math.isclose(a, b, rel_tol=1e-3) for a, b in both)


CLAIMS: Mapping[str, Claim] = {
    "leaves-keep": leaves_keep,
    "two-halves": two_halves,
    "freed-graph": freed_graph,
    "retained-graph": retained_graph,
    "stale-at-first": stale_at_first,
    "no-graph-saved": no_graph_saved,
    "inference-apart": inference_apart,
    "data-shares": data_shares,
    "data-unnoticed": data_unnoticed,
    "leaf-in-place": leaf_in_place,
    "name-outside": name_outside,
    "zero-grad-early": zero_grad_early,
    "nodes-stay": nodes_stay,
    "autograd-exact": autograd_exact,
}
