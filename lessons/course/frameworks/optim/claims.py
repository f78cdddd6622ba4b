"""Programs that show sentences of `frameworks/optim` to be true."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise

import numpy as np

from engine.recipes.two_layer_sizes import N
from lessons.course.frameworks.optim.facts import ALPHA, RATE, REACH
from lessons.course.frameworks.optimiser_rules import by_torch, ones
from lessons.proof.claims import Claim

_RULES = ("sgd", "momentum", "rmsprop", "adam")


def zero_grad_none() -> bool:
    """The gradient of a parameter after zero_grad() of torch.optim.SGD."""
    import torch

    w = torch.ones(2, requires_grad=True)
    w.sum().backward()
    before = w.grad is not None
    torch.optim.SGD([w], lr=0.1).zero_grad()
    return before and w.grad is None


def weights_alone() -> bool:
    """Two weights updated together move as each does with its own gradients alone."""
    import torch

    from engine.recipes.two_layer_optim import make_optimizer

    gradients = torch.randn(10, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)

    def moved(name: str, columns: torch.Tensor) -> torch.Tensor:
        w = torch.ones(columns.shape[1], dtype=torch.float64, requires_grad=True)
        optimizer = make_optimizer(name, [w], 0.1)
        for row in columns:
            w.grad = row.clone()
            optimizer.step()
        return w.detach()

    return all(
        torch.allclose(
            moved(name, gradients),
            torch.cat([moved(name, gradients[:, :1]), moved(name, gradients[:, 1:])]),
        )
        for name in _RULES
    )


def steep_limit() -> bool:
    """Ten SGD steps on ½ h w² with rates just below and just above 2/h."""

    def after(rate: float, h: float) -> float:
        w = 1.0
        for _ in range(10):
            w -= rate * h * w
        return abs(w)

    return all(after(1.99 / h, h) < 1 < after(2.01 / h, h) for h in (0.1, 1.0, 50.0))


def _path(rate: float, steps: int) -> list[float]:
    """How far gradient descent in the lab lies from the bottom, along the steepest direction."""
    from engine.labs.descent import Run, surface

    _, directions = np.linalg.eigh(surface().hessian)
    run = Run("gd", rate).stepped(steps)
    goal = np.array(surface().lowest)
    return [float((np.array(place.w) - goal) @ directions[:, -1]) for place in run.path]


def swings_across() -> bool:
    """Gradient descent in the lab: with 1.3 each step changes the side, with 1.2 none does."""
    swung, direct = (
        [one * other < 0 for one, other in pairwise(_path(rate, 5))] for rate in (1.3, 1.2)
    )
    return all(swung) and not any(direct)


def lab_diverges() -> bool:
    """Gradient descent in the lab: distances from the bottom grow with 2.6, shrink with 2.5."""
    growing, shrinking = (np.abs(_path(rate, 30)) for rate in (2.6, 2.5))
    return bool(growing[-1] > growing[0] and shrinking[-1] < shrinking[0])


def turns_back() -> bool:
    """Velocities of momentum after five gradients of 1 and some of −1."""
    found = [
        by_torch("momentum", np.array([1.0] * 5 + [-1.0] * count), RATE).memory["momentum_buffer"]
        for count in (1, 2, 3, 4)
    ]
    return all(value > 0 for value in found[:3]) and found[3] < 0


def steps_shorten() -> bool:
    """RMSProp with equal gradients: each of 300 steps is shorter than the one before it."""
    steps = [1 / (1 - ALPHA**t) ** 0.5 for t in range(1, 301)]
    measured = (abs(by_torch("rmsprop", ones(t), RATE).move) / RATE for t in (1, 2, 10, 100))
    expected = (steps[t - 1] for t in (1, 2, 10, 100))
    falling = all(later < earlier for earlier, later in pairwise(steps))
    return falling and np.allclose(list(measured), list(expected), rtol=1e-6)


def random_signs() -> bool:
    """Adam, gradients of random sign: the mean step of 1000 weights is below half the rate."""
    import torch

    generator = torch.Generator().manual_seed(0)
    w = torch.zeros(1000, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=RATE)
    for _ in range(100):
        w.grad = torch.randn(1000, generator=generator, dtype=torch.float64)
        before = w.detach().clone()
        optimizer.step()
    return float((w.detach() - before).abs().mean()) < 0.5 * RATE


@lru_cache(maxsize=8)
def _valley(name: str, rate: float) -> float:
    """The loss of the valley of three weights after the 200 updates of the program."""
    import torch

    from engine.recipes.two_layer_optim import make_optimizer
    from lessons.course.frameworks.optim.programs import UPDATES

    steepness = torch.tensor([50.0, 0.5, 5.0], dtype=torch.float64)
    w = torch.tensor([0.0, 3.0, -2.0], dtype=torch.float64, requires_grad=True)
    optimizer = make_optimizer(name, [w], rate)
    loss = torch.zeros(())
    for _ in range(UPDATES):
        loss = (steepness * (w - 1) ** 2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


def shelf_order() -> bool:
    """The losses of the program: those of Adam and RMSProp are the largest two."""
    from lessons.course.frameworks.optim.programs import SHELF_RATE

    found = {name: _valley(name, SHELF_RATE) for name in _RULES}
    return set(sorted(found, key=found.__getitem__)[2:]) == {"adam", "rmsprop"}


def shelf_rate() -> bool:
    """In that valley: Adam with the rate 0.05, beside SGD with 0.005."""
    return 1000 * _valley("adam", 0.05) < _valley("sgd", 0.005)


def _race(name: str, rate: float = RATE, updates: int = REACH, mean: bool = False) -> list[float]:
    """The loss before each update of the race, and after the last: a sum over the samples."""
    return _raced(name, rate, updates, mean)


@lru_cache(maxsize=16)
def _raced(name: str, rate: float, updates: int, mean: bool) -> list[float]:
    import torch

    from engine.recipes.two_layer import init_weights, random_data
    from engine.recipes.two_layer_nn import loss_fn, make_model
    from engine.recipes.two_layer_optim import make_optimizer, train_step
    from engine.recipes.two_layer_sizes import D_IN, D_OUT, H

    generator = torch.Generator().manual_seed(0)
    data = random_data(generator, torch.device("cpu"))
    model = make_model(D_IN, H, D_OUT)
    init_weights(model, "uniform", generator)
    # The gradients of the mean are those of the sum, divided by the count.
    rate = rate / (N * D_OUT) if mean else rate
    optimizer = make_optimizer(name, model.parameters(), rate)
    losses = [train_step(model, optimizer, data.x, data.y) for _ in range(updates)]
    with torch.no_grad():
        losses.append(loss_fn(model(data.x), data.y))
    return [loss.item() for loss in losses]


_SHORTEST = 5
"""Updates of a race in which the lead changes for the first time."""


def _ranks(name: str, updates: Iterable[int], length: int = REACH) -> set[int]:
    """The places that a rule takes after some updates of the race; 0 is the least loss."""
    found = {rule: _race(rule, updates=length) for rule in _RULES}
    return {sum(found[rule][t] < found[name][t] for rule in _RULES) for t in updates}


def momentum_first() -> bool:
    """Momentum in the race of 500 updates: the least loss after each update from the fifth on."""
    return _ranks("momentum", range(5, REACH + 1)) == {0}


def rmsprop_start() -> bool:
    """RMSProp in the race: the least loss after each of the updates 1 to 4."""
    return _ranks("rmsprop", range(1, 5), _SHORTEST) == {0}


def momentum_overtakes() -> bool:
    """Momentum in the race: the least loss after the fifth update."""
    return _ranks("momentum", [_SHORTEST], _SHORTEST) == {0}


def rmsprop_second() -> bool:
    """RMSProp in the race: the second place after each of the updates 5 to 450."""
    return _ranks("rmsprop", range(5, 451)) == {1}


def rmsprop_last() -> bool:
    """RMSProp in the race: last after 500 updates, with over 1000 times its least loss."""
    losses = _race("rmsprop")
    return _ranks("rmsprop", [REACH]) == {3} and losses[REACH] > 1e3 * min(losses)


def adam_last() -> bool:
    """Adam in the race: the largest loss after each of the updates 1 to 370."""
    return _ranks("adam", range(1, 371)) == {3}


def adam_second() -> bool:
    """Adam in the race: the second place after 500 updates."""
    return _ranks("adam", [REACH]) == {1}


def adam_larger_rate() -> bool:
    """Adam with the rate 0.001: its loss after 100 updates, beside the four of the race."""
    return _race("adam", 1e-3, 100)[-1] < min(_race(name)[100] for name in _RULES)


def sgd_falls_back() -> bool:
    """SGD and Adam in the race: SGD is ahead after 1 to 370 updates, behind after 380 to 500."""
    sgd, adam = _race("sgd"), _race("adam")
    ahead = all(sgd[t] < adam[t] for t in range(1, 371))
    return ahead and all(sgd[t] > adam[t] for t in range(380, REACH + 1))


def mean_creeps() -> bool:
    """SGD on the mean instead of the sum: 50 updates lower the loss by less than one per cent."""
    losses = _race("sgd", updates=50, mean=True)
    return 0.99 < losses[-1] / losses[0] < 1


def adam_end() -> bool:
    """The loss of Adam before update 500 of the race, divided by the 64 samples."""
    return 3.4e-9 < _race("adam")[REACH - 1] / N < 3.8e-9


def sgd_end() -> bool:
    """The loss of SGD before update 500 of the race, divided by the 64 samples."""
    return 1.3e-7 < _race("sgd")[REACH - 1] / N < 1.5e-7


def _decays(name: str, decay: float) -> float:
    """A weight after three updates by an optimiser of torch.optim with this weight decay."""
    import torch

    w = torch.full((), 2.0, dtype=torch.float64, requires_grad=True)
    optimizer = getattr(torch.optim, name)([w], lr=0.1, weight_decay=decay)
    for g in (1.0, -0.3, 0.5):
        w.grad = torch.tensor(g, dtype=torch.float64)
        optimizer.step()
    return w.item()


def _by_hand(name: str, decay: float) -> float:
    """The same: the decay is added to the gradient that is given to the optimiser."""
    import torch

    w = torch.full((), 2.0, dtype=torch.float64, requires_grad=True)
    optimizer = getattr(torch.optim, name)([w], lr=0.1)
    for g in (1.0, -0.3, 0.5):
        w.grad = torch.tensor(g, dtype=torch.float64) + decay * w.detach()
        optimizer.step()
    return w.item()


def decay_sgd() -> bool:
    """SGD: the decay added to the gradient, beside a factor 1 − ηλ before each step."""
    w = 2.0
    for g in (1.0, -0.3, 0.5):
        w = (1 - 0.1 * 0.2) * w - 0.1 * g
    return bool(np.isclose(w, _by_hand("SGD", 0.2)) and np.isclose(w, _decays("SGD", 0.2)))


def adam_couples() -> bool:
    """torch.optim.Adam with weight_decay, beside Adam with the decay added to the gradient."""
    added = _by_hand("Adam", 0.2)
    return (
        bool(np.isclose(_decays("Adam", 0.2), added)) and abs(_decays("AdamW", 0.2) - added) > 1e-3
    )


def adamw_default() -> bool:
    """The weight decay of torch.optim.AdamW by default, and that of Adam."""
    import torch

    w = torch.zeros(1, requires_grad=True)
    kinds = (torch.optim.AdamW, torch.optim.Adam)
    return [kind([w]).defaults["weight_decay"] for kind in kinds] == [0.01, 0]


def order_warns() -> bool:
    """scheduler.step() before optimizer.step(), and after it: only the first one warns."""
    import torch

    def warned(*order: str) -> bool:
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for name in order:
                if name == "optimizer":
                    optimizer.step()
                else:
                    scheduler.step()
        return any("lr_scheduler.step()" in str(warning.message) for warning in caught)

    return warned("scheduler", "optimizer") and not warned("optimizer", "scheduler")


def cosine_rises() -> bool:
    """CosineAnnealingLR with T_max 10: the rate after 10 steps is 0, and larger after 15."""
    import torch

    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=10)
    rates = []
    for _ in range(15):
        optimizer.step()
        scheduler.step()
        rates.append(float(scheduler.get_last_lr()[0]))
    return abs(rates[9]) < 1e-12 and rates[14] > 0.01


@lru_cache(maxsize=4)
def _settled(name: str) -> list[float]:
    from lessons.course.frameworks.optim.programs import go_down

    return go_down(name)


def constant_floor() -> bool:
    """The constant large rate: the loss after 100 and after 400 updates, within 20 %."""
    losses = _settled("large")
    return abs(losses[99] / losses[399] - 1) < 0.2


def small_too_slow() -> bool:
    """The constant small rate: after 400 updates the loss is still above 5."""
    return _settled("small")[399] > 5


def schedules_settle() -> bool:
    """Both schedules: close to the bottom after 100 updates; a tenth of the large rate's loss."""
    return all(
        _settled(name)[99] < 0.1 and 10 * _settled(name)[399] < _settled("large")[399]
        for name in ("step", "cosine")
    )


CLAIMS: Mapping[str, Claim] = {
    "zero-grad-none": zero_grad_none,
    "weights-alone": weights_alone,
    "steep-limit": steep_limit,
    "swings-across": swings_across,
    "lab-diverges": lab_diverges,
    "turns-back": turns_back,
    "steps-shorten": steps_shorten,
    "random-signs": random_signs,
    "shelf-order": shelf_order,
    "shelf-rate": shelf_rate,
    "momentum-first": momentum_first,
    "rmsprop-start": rmsprop_start,
    "rmsprop-second": rmsprop_second,
    "rmsprop-last": rmsprop_last,
    "adam-last": adam_last,
    "adam-second": adam_second,
    "adam-larger-rate": adam_larger_rate,
    "sgd-falls-back": sgd_falls_back,
    "mean-creeps": mean_creeps,
    "adam-end": adam_end,
    "sgd-end": sgd_end,
    "decay-sgd": decay_sgd,
    "adam-couples": adam_couples,
    "adamw-default": adamw_default,
    "order-warns": order_warns,
    "cosine-rises": cosine_rises,
    "constant-floor": constant_floor,
    "small-too-slow": small_too_slow,
    "schedules-settle": schedules_settle,
}
