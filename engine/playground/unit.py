"""One unit opened: its formula with the numbers of a sample, and its gradient in three ways."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.activations import activation
from engine.playground.features import Array
from engine.playground.run import Run

H = 1e-5
"""How far a parameter is moved for the central difference."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a unit computes at one sample."""

    inputs: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    z: float
    a: float
    """f(z); of the output the prediction: the probability of class 1, or z itself."""
    slope: float
    """f′(z); of the output 1."""
    delta: float
    """∂(loss of this sample)/∂z."""
    onward: tuple[tuple[float, float], ...]
    """(weight, δ) of every unit of the next layer; empty for the output."""
    target: float


def opened(run: Run, layer: int, unit: int, sample: int) -> Opened:
    """A unit at a training sample; layer 0 is the first hidden one, or the output without any."""
    model, flat = run.model, run.state.flat
    inputs = run.train_inputs[sample : sample + 1]
    y = run.split.train.y[sample : sample + 1]
    passed, back = model.forward(flat, inputs), model.backward(flat, inputs, y)
    layers = model.shape.layers(flat)
    weights, biases = layers[layer]
    below = passed.a[layer - 1] if layer else inputs
    is_output = layer == len(layers) - 1
    onward: tuple[tuple[float, float], ...] = ()
    if not is_output:
        pairs = zip(layers[layer + 1][0][:, unit], back.deltas[layer + 1][0], strict=True)
        onward = tuple((float(w), float(d)) for w, d in pairs)
    z = float(passed.z[layer][0, unit])
    a = float(passed.a[layer][0, unit])
    if is_output and not model.is_regression:
        a = (float(model.shown(np.array([z]))[0]) + 1) / 2
    slope = (
        1.0
        if is_output
        else float(activation(run.settings.activation).derivative(np.array([z]))[0])
    )
    return Opened(
        tuple(map(float, below[0])), tuple(map(float, weights[unit])), float(biases[unit]),
        z, a, slope, float(back.deltas[layer][0, unit]), onward, float(y[0]),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slopes:
    """∂J/∂ each weight of a unit, then its bias; J is the mean training loss with penalties."""

    by_hand: tuple[float, ...]
    difference: tuple[float, ...]
    """(J(w + h) − J(w − h)) / 2h."""


def slopes(run: Run, layer: int, unit: int) -> Slopes:
    """The gradient of a unit's parameters by hand and by central differences."""
    model, flat, y = run.model, run.state.flat, run.split.train.y
    weights, bias = model.shape.places(layer, unit)
    gradient = model.backward(flat, run.train_inputs, y).gradient
    found = []
    for place in (*weights, bias):
        losses = []
        for way in (H, -H):
            moved = flat.copy()
            moved[place] += way
            losses.append(model.loss(moved, run.train_inputs, y))
        found.append((losses[0] - losses[1]) / (2 * H))
    return Slopes(tuple(float(gradient[place]) for place in (*weights, bias)), tuple(found))


def autograd(run: Run, flat: Array | None = None) -> Array:
    """The gradient of J of all parameters by torch's autograd; imports torch.

    `flat` are the parameters, as they are now if left out.
    """
    import torch

    model, settings = run.model, run.settings
    parameters = torch.tensor(run.state.flat if flat is None else flat, requires_grad=True)
    function = activation(settings.activation).torch_function()
    out = torch.tensor(run.train_inputs)
    y = torch.tensor(run.split.train.y)
    at, weights = 0, []
    widths = model.shape.widths
    for number, (ins, outs) in enumerate(pairwise(widths), 1):
        w = parameters[at : at + ins * outs].reshape(outs, ins)
        b = parameters[at + ins * outs : at + ins * outs + outs]
        at += ins * outs + outs
        weights.append(w)
        out = out @ w.T + b
        if number < len(widths) - 1:
            out = function(out)
    logit = out[:, 0]
    if model.is_regression:
        loss = ((logit - y) ** 2 / 2).mean()
    else:
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logit, y)
    for w in weights:
        loss = loss + settings.l1 * w.abs().sum() + settings.l2 / 2 * (w**2).sum()
    loss.backward()
    assert parameters.grad is not None
    return np.asarray(parameters.grad.numpy())
