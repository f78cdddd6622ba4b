"""Programs that show sentences of `backprop/worked-example` to be true."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np

from engine.gradients import GradientRow, autograd_gradients, gradient_rows
from engine.labs.fading import FadedExample, Level, faded_example
from engine.labs.nudging import SIZES, Nudge, product
from engine.network import BiasMode
from engine.slips import Slip, right_round, slip_round
from engine.trace import Phase
from engine.worked_example import Problem, worked_example
from lessons.course.backprop.worked_example.mistakes import faulty_gradients, gradients
from lessons.course.parts import (
    B1,
    B2,
    WORKED_W,
    WORKED_X,
    WORKED_Y,
    Array,
    Weights,
    network_loss,
    sigmoid,
    sigmoid_slope,
)
from lessons.judge.numbers import read_number
from lessons.proof.claims import Claim

_SMALL = 1e-4


def _frozen() -> Problem:
    return worked_example(BiasMode.FROZEN)


def _loss(W: Weights) -> float:
    return network_loss(WORKED_X, WORKED_Y, W)


def _after(problem: Problem, slip: Slip | None) -> float:
    """The loss after one update, with or without a slip."""
    return (right_round(problem) if slip is None else slip_round(problem, slip)).loss_after


def mean_of_two() -> bool:
    """Half the sum of the squares beside their mean: the same for two outputs, not for three."""
    outputs = sigmoid(sigmoid(WORKED_X @ WORKED_W[0] + B1) @ WORKED_W[1] + B2)
    squares = (outputs - WORKED_Y) ** 2
    three = np.array([*squares, 0.04])
    return math.isclose(squares.sum() / 2, squares.mean()) and not math.isclose(
        three.sum() / 2, three.mean()
    )


def push_o1() -> bool:
    """The loss with z of o1 moved up by 0.0001 is larger, and moved down it is smaller."""
    hidden = sigmoid(WORKED_X @ WORKED_W[0] + B1)
    z = hidden @ WORKED_W[1] + B2

    def loss(moved: float) -> float:
        return float(0.5 * ((sigmoid(z + np.array([moved, 0.0])) - WORKED_Y) ** 2).sum())

    return loss(-_SMALL) < loss(0.0) < loss(_SMALL)


def feeds_both() -> bool:
    """The outputs after a small push on the output of h1: both have moved."""
    hidden = sigmoid(WORKED_X @ WORKED_W[0] + B1)
    moved = hidden + np.array([_SMALL, 0.0])
    before, after = (sigmoid(a @ WORKED_W[1] + B2) for a in (hidden, moved))
    return bool((before != after).all())


def _rows() -> tuple[GradientRow, ...]:
    """The table of the lab: the gradients of the worked network in three ways."""
    problem = worked_example()
    network = problem.network()
    by_torch = autograd_gradients(network, problem.x, problem.target)
    return gradient_rows(network, problem.x, problem.target, by_torch)


def autograd_agrees() -> bool:
    """The gradients of the lab's table beside autograd: no difference beyond rounding."""
    return all(row.autograd_agrees for row in _rows())


def faulty_trains() -> bool:
    """200 updates with the faulty gradients: each one lowers the loss."""
    W = WORKED_W
    losses = [_loss(W)]
    for _ in range(200):
        by_hand = faulty_gradients(WORKED_X, WORKED_Y, W)
        W = (W[0] - 0.5 * by_hand[0], W[1] - 0.5 * by_hand[1])
        losses.append(_loss(W))
    return all(after < before for before, after in pairwise(losses))


def faulty_small() -> bool:
    """The faulty gradients of w1 … w4 are 4 to 6 per cent smaller; those of w5 … w8 are right."""
    faulty, right = (f(WORKED_X, WORKED_Y, WORKED_W) for f in (faulty_gradients, gradients))
    off = 1 - faulty[0] / right[0]
    return bool((off > 0.04).all() and (off < 0.06).all()) and np.array_equal(faulty[1], right[1])


def larger_w5() -> bool:
    """The loss with w5 = 0.4001 is above that with 0.40."""
    W1, W2 = WORKED_W
    moved = W2 + np.array([[_SMALL, 0.0], [0.0, 0.0]])
    return _loss((W1, moved)) > _loss(WORKED_W)


def _layer_by_layer() -> float:
    """The loss after one pass backwards that moves each layer at once."""
    W1, W2 = (W.copy() for W in WORKED_W)
    z2 = WORKED_X @ W1 + B1
    a2 = sigmoid(z2)
    z3 = a2 @ W2 + B2
    delta: Array = (sigmoid(z3) - WORKED_Y) * sigmoid_slope(z3)
    W2 -= 0.5 * np.outer(a2, delta)
    delta = (W2 @ delta) * sigmoid_slope(z2)
    W1 -= 0.5 * np.outer(WORKED_X, delta)
    return _loss((W1, W2))


def layer_by_layer() -> bool:
    """A loop that moves each layer at once ends at the loss of the slip."""
    return math.isclose(_layer_by_layer(), _after(_frozen(), Slip.UPDATED_WEIGHTS_FIRST))


def grows_with_rate() -> bool:
    """How far the losses after one update are apart, for the rates 0.5, 1, 2 and 4: it grows."""
    apart = [
        abs(_after(problem, Slip.UPDATED_WEIGHTS_FIRST) - _after(problem, None))
        for problem in (replace(_frozen(), lr=rate) for rate in (0.5, 1.0, 2.0, 4.0))
    ]
    return all(small < large for small, large in pairwise(apart))


def both_smaller() -> bool:
    """The loss after one update, with the right and with the mistaken gradients, and before."""
    before = right_round(_frozen()).loss
    return all(_after(_frozen(), slip) < before for slip in (None, Slip.UPDATED_WEIGHTS_FIRST))


def seven_digits() -> bool:
    """Central differences of w1 … w4 beside the right gradients: off by less than 5 in 10⁸."""
    rows = [row for row in _rows() if row.symbol in ("w1", "w2", "w3", "w4")]
    return len(rows) == 4 and all(row.central_difference.relative < 5e-8 for row in rows)


def outputs_same() -> bool:
    """The gradients of w5 … w8, right and with the slip: the same numbers."""
    right = right_round(_frozen()).values()
    mistaken = slip_round(_frozen(), Slip.UPDATED_WEIGHTS_FIRST).values()
    return all(right[name] == mistaken[name] for name in (f"∂E/∂w{k}" for k in range(5, 9)))


def _blanks(example: FadedExample) -> Counter[Phase]:
    return Counter(example.operation(place).phase for place in example.blanks)


def one_blank() -> bool:
    """The blanks of level 1, for 20 seeds: one each."""
    return all(_blanks(faded_example(seed, Level.ONE)).total() == 1 for seed in range(20))


def ratios_multiply() -> bool:
    """Nudges of w5 of every size and number: the product of the ratios, and ΔE ÷ Δw5."""
    nudges = [Nudge("w5", count, size) for count in (-20, -3, 1, 7) for size in range(len(SIZES))]
    return all(
        each.loss.ratio is not None
        and math.isclose(product(each.ways[0]), each.loss.ratio, rel_tol=1e-9)
        for each in nudges
    )


def ratios_settle() -> bool:
    """One nudge of w5, ten times smaller each time: each ratio comes nearer to its slope."""
    values = worked_example().trace().values()
    slopes = [values["out_h1"], values["∂out_o1/∂z_o1"], values["∂E/∂out_o1"]]
    found = [
        [link.ratio or math.nan for link in Nudge("w5", 1, size).ways[0][1:]]
        for size in range(len(SIZES))
    ]
    off = np.abs(np.array(found) - slopes)
    # The first link is a straight line: its ratio is the slope from the start.
    return bool((off[:, 0] < 1e-9).all() and (off[1:, 1:] < off[:-1, 1:]).all()) and bool(
        (off[-1] < 1e-4).all()
    )


def quarter() -> bool:
    """The slope of the sigmoid over 2001 outputs from z = −10 to 10, by central differences."""
    z, h = np.linspace(-10.0, 10.0, 2001), 1e-5
    outputs, slopes = sigmoid(z), (sigmoid(z + h) - sigmoid(z - h)) / (2 * h)
    top = int(slopes.argmax())
    far = (outputs < 1e-3) | (outputs > 1 - 1e-3)
    return (
        math.isclose(outputs[top], 0.5, abs_tol=1e-9)
        and math.isclose(slopes[top], 0.25, abs_tol=1e-9)
        and bool((slopes[far] < 2e-3).all())
    )


def ways_add() -> bool:
    """Nudges of w1: two ways, and the sum of both products is ΔE ÷ Δw1."""
    nudges = [Nudge("w1", count, size) for count in (-5, 1, 20) for size in (0, 1, 2)]
    return all(
        len(each.ways) == 2
        and each.loss.ratio is not None
        and math.isclose(sum(map(product, each.ways)), each.loss.ratio, rel_tol=1e-6)
        for each in nudges
    )


def two_blanks() -> bool:
    """The blanks of level 2, for 20 seeds: two in each of the four phases."""
    wanted = dict.fromkeys(Phase, 2)
    return len(wanted) == 4 and all(
        _blanks(faded_example(seed, Level.TWO_A_PHASE)) == wanted for seed in range(20)
    )


def all_blank() -> bool:
    """The blanks of level 3, for 20 seeds: every operation of the round."""
    examples = [faded_example(seed, Level.ALL) for seed in range(20)]
    return all(len(each.blanks) == len(each.trace.operations) for each in examples)


def expressions() -> bool:
    """What the judge reads in `0.5*0.3 + 0.2` and in `sigmoid(0.41)`."""
    plain, curved = read_number("0.5*0.3 + 0.2"), read_number("sigmoid(0.41)")
    return math.isclose(plain, 0.35) and math.isclose(curved, 1 / (1 + math.exp(-0.41)))


CLAIMS: Mapping[str, Claim] = {
    "mean-of-two": mean_of_two,
    "push-o1": push_o1,
    "ratios-multiply": ratios_multiply,
    "ratios-settle": ratios_settle,
    "ways-add": ways_add,
    "quarter": quarter,
    "feeds-both": feeds_both,
    "autograd-agrees": autograd_agrees,
    "faulty-trains": faulty_trains,
    "faulty-small": faulty_small,
    "larger-w5": larger_w5,
    "layer-by-layer": layer_by_layer,
    "grows-with-rate": grows_with_rate,
    "both-smaller": both_smaller,
    "seven-digits": seven_digits,
    "outputs-same": outputs_same,
    "one-blank": one_blank,
    "two-blanks": two_blanks,
    "all-blank": all_blank,
    "expressions": expressions,
}
