"""Programs that show sentences of `backprop/update-loop` to be true."""

from __future__ import annotations

import ast
import inspect
import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np

from engine.network import BiasMode
from engine.slips import Slip, slip_round
from engine.worked_example import worked_example
from lessons.course.backprop.update_loop import programs
from lessons.course.backprop.update_loop.facts import UPDATES
from lessons.course.backprop.update_loop.loops import Loop, after
from lessons.course.backprop.update_loop.mistakes import faulty_update
from lessons.course.parts import WORKED_W, WORKED_X, WORKED_Y, central_gradients, network_loss
from lessons.proof.claims import Claim

_MODES = (BiasMode.FROZEN, BiasMode.PER_UNIT, BiasMode.SHARED)


def one_update() -> bool:
    """The loss after one update, with each kind of bias: a little below the loss before."""
    before = worked_example().trace().loss
    drops = [before - worked_example(mode).after(1).trace().loss for mode in _MODES]
    return all(0 < drop < 0.1 * before for drop in drops)


def loss_not_needed() -> bool:
    """Where the program reads `loss`: once, in the line that prints it."""
    tree = ast.parse(inspect.getsource(programs.five_steps))
    prints = [node for node in ast.walk(tree) if isinstance(node, ast.If)]
    return len(prints) == 1 and _reads(tree, "loss") == 1 == _reads(prints[0], "loss")


def _reads(tree: ast.AST, name: str) -> int:
    """How often the value of a name is used."""
    return sum(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        for node in ast.walk(tree)
    )


def _rest(rate: float) -> float:
    """What the rule of the small step leaves out of the change of the loss."""
    problem = replace(worked_example(), lr=rate)
    gradient = problem.trace().backward.gradients.flat()
    change = problem.after(1).trace().loss - problem.trace().loss
    return float(change + rate * gradient @ gradient)


def rest_squared() -> bool:
    """The rest for small rates and for half of them: a quarter, to two per cent."""
    return all(abs(_rest(rate) / _rest(rate / 2) - 4) < 0.08 for rate in (0.2, 0.1, 0.05, 0.02))


def rest_one_percent() -> bool:
    """The rest beside the whole change, for the learning rate 0.5: between 0.9 and 1.2 per cent."""
    change = worked_example().after(1).trace().loss - worked_example().trace().loss
    return 0.009 < abs(_rest(0.5) / change) < 0.012


def more_numbers_lower() -> bool:
    """The losses at the end by how many numbers may move, 8, 10 and 12: they go down."""
    ends = after(UPDATES)
    losses = [ends[loop].loss for loop in (Loop.FROZEN, Loop.SHARED, Loop.PER_UNIT)]
    return all(more < fewer for fewer, more in pairwise(losses))


def linear_bias() -> bool:
    """The biases of nn.Linear(3, 5): five, one for each unit."""
    from torch import nn

    return tuple(nn.Linear(3, 5).bias.shape) == (5,)


def behind_at_first() -> bool:
    """The loss after one update with the mistake: above that from the old weights."""
    right = worked_example(BiasMode.FROZEN)
    wrong = slip_round(right, Slip.UPDATED_WEIGHTS_FIRST)
    return wrong.loss_after > right.after(1).trace().loss


def ahead_at_last() -> bool:
    """The loss after all updates with the mistake: below that from the old weights, by 0.1 %."""
    ends = after(UPDATES)
    ratio = ends[Loop.MISTAKE].loss / ends[Loop.FROZEN].loss
    return 0.999 < ratio < 1 and loops_agree()


def loops_agree() -> bool:
    """The four trainings beside the engine, after 20 updates: the same losses and outputs."""
    trained = {
        Loop.FROZEN: worked_example(BiasMode.FROZEN).after(20),
        Loop.PER_UNIT: worked_example(BiasMode.PER_UNIT).after(20),
        Loop.SHARED: worked_example(BiasMode.SHARED).after(20),
    }
    mistaken = worked_example(BiasMode.FROZEN)
    for _ in range(20):
        mistaken = mistaken.with_network(slip_round(mistaken, Slip.UPDATED_WEIGHTS_FIRST).updated)
    trained[Loop.MISTAKE] = mistaken
    found = after(20)
    return all(
        math.isclose(found[loop].loss, problem.trace().loss, rel_tol=1e-12)
        and np.allclose(found[loop].outputs, problem.trace().forward.output, rtol=1e-12, atol=0)
        for loop, problem in trained.items()
    )


def faulty_falls() -> bool:
    """150 updates with the faulty program: each one lowers the loss."""
    W = WORKED_W
    losses = [network_loss(WORKED_X, WORKED_Y, W)]
    for _ in range(150):
        W = faulty_update(WORKED_X, WORKED_Y, W, 0.5)
        losses.append(network_loss(WORKED_X, WORKED_Y, W))
    return all(later < earlier for earlier, later in pairwise(losses))


def only_w1_wrong() -> bool:
    """The moves of both matrices beside central differences: W2 agrees, W1 does not."""
    moved = faulty_update(WORKED_X, WORKED_Y, WORKED_W, 0.5)
    central = central_gradients(WORKED_X, WORKED_Y, WORKED_W)
    off = [
        float(np.abs((old - new) / 0.5 / slope - 1).max())
        for old, new, slope in zip(WORKED_W, moved, central, strict=True)
    ]
    return off[0] > 0.1 and off[1] < 1e-6


CLAIMS: Mapping[str, Claim] = {
    "one-update": one_update,
    "loss-not-needed": loss_not_needed,
    "rest-squared": rest_squared,
    "rest-one-percent": rest_one_percent,
    "more-numbers-lower": more_numbers_lower,
    "linear-bias": linear_bias,
    "behind-at-first": behind_at_first,
    "ahead-at-last": ahead_at_last,
    "faulty-falls": faulty_falls,
    "only-w1-wrong": only_w1_wrong,
}
