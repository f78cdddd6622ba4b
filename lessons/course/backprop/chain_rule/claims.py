"""Programs that show sentences of `backprop/chain-rule` to be true."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from lessons.proof.claims import Claim

if TYPE_CHECKING:
    from torch import Tensor


class _Run(NamedTuple):
    """The leaves and results of the lesson's formula, in float64."""

    w: Tensor
    b: Tensor
    fc1: Tensor
    fc2: Tensor


def _run(x: float = 3.0, w: float = 0.2, b: float = 0.3) -> _Run:
    import torch

    weight, bias = (torch.tensor(at, dtype=torch.float64, requires_grad=True) for at in (w, b))
    fc1 = 1 / (torch.exp(-1 * x * weight + bias) + 1)
    return _Run(weight, bias, fc1, 2 * fc1 + 1)


def _grad(of: Tensor) -> Tensor | None:
    """What `.grad` holds; PyTorch warns where it keeps nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return of.grad


def _nodes(node: Any) -> Iterator[Any]:
    """The operations of a graph, from a result back; no leaves."""
    if hasattr(node, "variable"):
        return
    yield node
    for before, _ in node.next_functions:
        if before is not None:
            yield from _nodes(before)


def graph_remembered() -> bool:
    """The graph of fc2: exp, a sum and a reciprocal are in it; exp has kept v, the sum nothing."""
    run = _run()
    nodes = {node.name().rstrip("0"): node for node in _nodes(run.fc2.grad_fn)}
    kept = nodes["ExpBackward"]._saved_result
    return (
        abs(kept.item() - 0.7408182207) < 1e-9
        and nodes["ReciprocalBackward"]._saved_result.item() == run.fc1.item()
        and not hasattr(nodes["AddBackward"], "_saved_self")
    )


def on_the_way() -> bool:
    """A hook on fc1 during backward(): it is called with the gradient 2, which is not kept."""
    run = _run()
    seen: list[float] = []
    run.fc1.register_hook(lambda gradient: seen.append(float(gradient)))
    run.fc2.backward()
    return seen == [2.0] and _grad(run.fc1) is None


def leaves_only() -> bool:
    """After backward(): leaves that require it have a gradient, other leaves and fc1 have none."""
    import torch

    x = torch.tensor(3.0)
    w, b = (torch.tensor(at, requires_grad=True) for at in (0.2, 0.3))
    fc1 = 1 / (torch.exp(-1 * x * w + b) + 1)
    (2 * fc1 + 1).backward()
    return x.is_leaf and _grad(x) is None and None not in (w.grad, b.grad) and _grad(fc1) is None


def retained() -> bool:
    """fc1.grad after retain_grad() and backward(): 2."""
    run = _run()
    run.fc1.retain_grad()
    run.fc2.backward()
    return run.fc1.grad is not None and float(run.fc1.grad) == 2.0


def more_nodes() -> bool:
    """The operations in the graph of fc2: more than our five steps."""
    return len(list(_nodes(_run().fc2.grad_fn))) > 5


def adds_up() -> bool:
    """w.grad after backward() on two graphs of the same formula: twice that after one."""
    run = _run()
    run.fc2.backward(retain_graph=True)
    assert run.w.grad is not None
    once = float(run.w.grad)
    run.fc2.backward()
    return float(run.w.grad) == 2 * once


def both_ways() -> bool:
    """w.grad for g = fc1 · w beside the difference of two values of g: the total derivative."""

    def g(w: float) -> float:
        run = _run(w=w)
        return (run.fc1 * run.w).item()

    run = _run()
    (run.fc1 * run.w).backward()
    assert run.w.grad is not None
    central = (g(0.2 + 1e-6) - g(0.2 - 1e-6)) / 2e-6
    return abs(float(run.w.grad) - central) < 1e-8


CLAIMS: Mapping[str, Claim] = {
    "graph-remembered": graph_remembered,
    "on-the-way": on_the_way,
    "leaves-only": leaves_only,
    "retained": retained,
    "more-nodes": more_nodes,
    "adds-up": adds_up,
    "both-ways": both_ways,
}
