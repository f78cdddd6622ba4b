"""What the formulas of `frameworks/optim` speak of: the updates that torch.optim itself makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from engine.formulas.draws import integer, normal, positive, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from engine.recipes.two_layer_sizes import N
from lessons.course.frameworks.optim.updates import adam, adamw, after, momentum, rmsprop, scheduled
from lessons.course.frameworks.optimiser_rules import by_torch, ones
from lessons.judge.values import Choice, Fill, Number, QuestionValues, Sign

MU, ALPHA, BETA1, BETA2, EPSILON = 0.9, 0.99, 0.9, 0.999, 1e-8
"""As torch.optim has them by default (but for μ, which the lesson gives)."""


REACH = 500
"""Updates of the race, and of the question how far Adam gets in them."""


def _size(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    """Gradients that lie well away from 0, so that ε is tiny beside them."""
    return rng.uniform(0.3, 2.0, size=shape) * rng.choice([-1.0, 1.0], size=shape)


_BASE = (
    Notation()
    .drawn("t", make=integer(4, 6))
    .drawn("g_t", make=_size, over="t")
    .drawn("g", make=normal())
    .drawn(r"\eta", make=uniform(0.05, 0.3))
    .drawn("w_0", over="t")
    .fixed(r"\varepsilon", EPSILON)
    .index("k", "t")
    .with_tolerance(1e-6)
)


_SGD = _BASE.computed("w_t", after(momentum, "weight"), over="t")


_MOMENTUM = (
    _BASE.drawn(r"\mu", make=uniform(0.4, 0.95))
    .computed("v_t", after(momentum, "mean"), over="t")
    .computed("w_t", after(momentum, "weight"), over="t")
)


_RMSPROP = (
    _BASE.drawn(r"\alpha", make=uniform(0.4, 0.99))
    .computed("s_t", after(rmsprop, "square"), over="t")
    .computed("w_t", after(rmsprop, "weight"), over="t")
)


_ADAM = (
    _BASE.drawn(r"\beta_1", make=uniform(0.4, 0.95))
    .drawn(r"\beta_2", make=uniform(0.4, 0.99))
    .computed("m_t", after(adam, "mean"), over="t")
    .computed("s_t", after(adam, "square"), over="t")
    .computed("w_t", after(adam, "weight"), over="t")
    .defined(r"\hat m_t = \frac{m_t}{1 - \beta_1^t}", over="t")
    .defined(r"\hat s_t = \frac{s_t}{1 - \beta_2^t}", over="t")
)


_ADAMW = (
    _BASE.fixed(r"\beta_1", BETA1)
    .fixed(r"\beta_2", BETA2)
    .drawn(r"\lambda", make=uniform(0.1, 0.9))
    .computed("m_t", after(adamw, "mean"), over="t")
    .computed("s_t", after(adamw, "square"), over="t")
    .computed("w_t", after(adamw, "weight"), over="t")
    .defined(r"\hat m_t = \frac{m_t}{1 - \beta_1^t}", over="t")
    .defined(r"\hat s_t = \frac{s_t}{1 - \beta_2^t}", over="t")
)


_RATES = (
    Notation()
    .drawn("t", make=integer(4, 40))
    .drawn(r"\eta_0", make=uniform(0.05, 0.3), over="t")
    .drawn("q", make=integer(3, 9))
    .drawn(r"\gamma", make=uniform(0.3, 0.9))
    .drawn("T", make=integer(50, 60))
    .with_tolerance(1e-6)
)


_STEPLR = _RATES.computed(r"\eta_t", scheduled("step"), over="t")


_COSINE = _RATES.computed(r"\eta_t", scheduled("cosine"), over="t")


_RMSPROP_GIVEN = _RMSPROP.fixed(r"\alpha", ALPHA)


_ADAM_GIVEN = _ADAM.fixed(r"\beta_1", BETA1).fixed(r"\beta_2", BETA2)


def _recipe_rate(_: World) -> float:
    from engine.recipes.catalog import find_recipe

    return float(find_recipe("two-layer-optim").settings({})["lr"])


def _gradients(notation: Notation, *signs: float) -> Notation:
    """The first gradients are these."""
    for place, sign in enumerate(signs, start=1):
        notation = notation.defined(f"g_{place} = {sign:g}", over="t")
    return notation


COSINE_STEPS, DRAWN_STEPS, START = 100, 25, (-2.0, 7.0)
"""What is drawn: steps of the schedules and of the paths, and where the paths start."""

NOTATION = (
    _STEPLR.including(_ADAMW)
    .including(_RMSPROP_GIVEN)
    .including(_ADAM_GIVEN)
    .including(_MOMENTUM.fixed(r"\mu", MU))
    .drawn("h", make=positive())
    .drawn("w")
)


DECAYING, DECAY_RATE, DECAY = 4.0, 0.1, 0.5
"""A weight, the learning rate and the weight decay of the question about AdamW."""


STEPLR_START, STEPLR_EVERY, STEPLR_FACTOR, STEPLR_AT = 0.1, 30, 0.5, 75
"""Rate, step size, factor and epochs of the question about StepLR."""


_DECAYED = (
    _ADAMW.defined(f"w_0 = {DECAYING}", over="t")
    .fixed(r"\eta", DECAY_RATE)
    .fixed(r"\lambda", DECAY)
    .defined("g_1 = 0", over="t")
)


SCOPES = {
    "sgd": _SGD.drawn("h", make=positive()).drawn("w"),
    "adamw": _ADAMW.drawn("w"),
    "steplr": _STEPLR,
    "cosine": _COSINE,
    "optim_decay": _DECAYED,
    "optim_steplr": _STEPLR.defined(rf"\eta_0 = {STEPLR_START}", over="t")
    .fixed("q", STEPLR_EVERY)
    .fixed(r"\gamma", STEPLR_FACTOR)
    .given(t=STEPLR_AT),
    "rmsprop": _RMSPROP_GIVEN,
    "adam": _ADAM_GIVEN,
    "race": _ADAM_GIVEN.computed(r"\eta", _recipe_rate),
    "optim_momentum_sum": _MOMENTUM,
    "optim_momentum_limit": _MOMENTUM,
    "optim_square_mean": _RMSPROP,
    "optim_rmsprop_first": _RMSPROP,
    "optim_bias_correction": _ADAM,
    "optim_adam_first": _ADAM,
    "optim_velocity": _gradients(NOTATION, 1, 1, 1),
    "optim_rolls_on": _gradients(NOTATION, 1, 1, 1, 1, 1, -1),
    "optim_share": _RMSPROP,
    "optim_first_step": _RMSPROP_GIVEN.fixed(r"\varepsilon", 0.0),
    "optim_uncorrected": _gradients(_ADAM_GIVEN, 1),
    "optim_adam_reach": _ADAM_GIVEN.computed(r"\eta", _recipe_rate)
    .given(t=REACH)
    .defined("g_t = 1", over="t"),
}


RATE = 1e-4


def _velocity(gradients: list[float]) -> float:
    """The velocity that torch.optim keeps after these gradients."""
    return by_torch("momentum", np.array(gradients), RATE).memory["momentum_buffer"]


def _in_rates(name: str) -> float:
    """How many learning rates the first update moves a weight whose gradient is 1."""
    return abs(by_torch(name, ones(1), RATE).move) / RATE


SCALE = 1000
"""What the loss is multiplied by."""


def _unchanged_by_scale() -> int:
    """Which of SGD, momentum and Adam moves as far when all gradients are so much larger."""
    gradients = np.random.default_rng(0).uniform(0.3, 2.0, size=20)
    ratios = [
        by_torch(name, SCALE * gradients, RATE).move / by_torch(name, gradients, RATE).move
        for name in ("sgd", "momentum", "adam")
    ]
    return [abs(ratio - 1) < 1e-6 for ratio in ratios].index(True)


def _reach() -> float:
    """How far so many equal gradients carry a weight by Adam."""
    import torch

    w = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=RATE)
    for _ in range(REACH):
        w.grad = torch.ones((), dtype=torch.float64)
        optimizer.step()
    return abs(w.item())


def _decayed(name: str) -> float:
    """The weight of the question after one update without a gradient."""
    import torch

    w = torch.full((), DECAYING, dtype=torch.float64, requires_grad=True)
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[name]
    optimizer = kind([w], lr=DECAY_RATE, weight_decay=DECAY)
    w.grad = torch.zeros((), dtype=torch.float64)
    optimizer.step()
    return w.item()


def _stepped() -> float:
    """The rate that StepLR sets after the epochs of the question."""
    import torch

    optimizer = torch.optim.SGD([torch.zeros(())], lr=STEPLR_START)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, STEPLR_EVERY, STEPLR_FACTOR)
    for _ in range(STEPLR_AT):
        optimizer.step()
        scheduler.step()
    return float(optimizer.param_groups[0]["lr"])


def _constant(name: str) -> Callable[[], float]:
    """A number that the programs of the lesson use."""

    def value() -> float:
        from lessons.course.frameworks.optim import programs

        return float(getattr(programs, name))

    return value


NUMBERS: Mapping[str, Callable[[], float]] = {
    "optim_alternating": lambda: abs(_velocity([1.0, -1.0] * 200)),
    "optim_apart": lambda: _constant("LARGE")() / _constant("SMALL")(),
    "optim_beta1_hundred": lambda: BETA1**100,
    "optim_beta2_thousand": lambda: BETA2**1000,
    "optim_five": lambda: _velocity([1.0] * 5),
    "optim_gain": lambda: by_torch("momentum", ones(400), RATE).memory["momentum_buffer"],
    "optim_hundred": lambda: ALPHA**100,
    "optim_large_rate": _constant("LARGE_RATE"),
    "optim_small_rate": _constant("SMALL_RATE"),
    "optim_reach": lambda: REACH,
    "optim_scale": lambda: SCALE,
    "optim_shelf": _constant("SHELF_RATE"),
    "optim_short": _constant("SHORT"),
    "optim_updates": _constant("UPDATES"),
    "optim_valley_start": _constant("VALLEY_START"),
    "optim_valley_updates": _constant("VALLEY_UPDATES"),
    "optim_valleys": _constant("VALLEYS"),
    "samples": lambda: N,
}


def _lab_momentum_path() -> int:
    """Along the valley: whether momentum stays before the lowest place, passes it, or diverges."""
    w, velocity, passed = 1.0, 0.0, False
    for _ in range(500):
        velocity = 0.9 * velocity + w
        w -= 0.1 * velocity
        passed = passed or w < -0.05
        if abs(w) > 1e3:
            return 2
    return 1 if passed and abs(w) < 1e-3 else 0


def _lab_crosses_first() -> int:
    """What larger rates do to the path of the lab before it diverges: shorter, or crossing."""
    from lessons.course.frameworks.optim.claims import lab_diverges, swings_across

    return 1 if swings_across() and lab_diverges() else 0


def _lab_first_updates() -> int:
    """Who leads the first updates of the race: RMSProp, as the claim of the lesson says, or not."""
    from lessons.course.frameworks.optim.claims import momentum_overtakes, rmsprop_start

    return 0 if rmsprop_start() and momentum_overtakes() else 1


QUESTIONS: Mapping[str, QuestionValues] = {
    "optim_velocity": Number(
        lambda: _velocity([1.0, 1.0, 1.0]),
        slips={
            "plain-sum": lambda: 3.0,
            "no-memory": lambda: 1.0,
            "mean": lambda: 0.1 * _velocity([1.0, 1.0, 1.0]),
            "one-update-less": lambda: _velocity([1.0, 1.0]),
            "one-update-more": lambda: _velocity([1.0] * 4),
            "gradient-shrunk": lambda: MU * _velocity([1.0, 1.0, 1.0]),
            "lost-for-kept": lambda: (1 - MU) * ((1 - MU) + 1) + 1,
        },
        tolerance=1e-3,
    ),
    "optim_rolls_on": Sign(lambda: _velocity([1.0] * 5 + [-1.0])),
    "optim_share": Fill(SCOPES["optim_share"]),
    "optim_first_step": Number(
        # ε changes the seventh digit; the question leaves it out.
        lambda: round(_in_rates("rmsprop"), 5),
        slips={
            "correction-assumed": lambda: 1.0,
            "no-root": lambda: 1 / (1 - ALPHA),
            "upside-down": lambda: (1 - ALPHA) ** 0.5,
            "old-share": lambda: ALPHA**-0.5,
        },
    ),
    "optim_uncorrected": Number(
        lambda: (1 - BETA1) / (1 - BETA2) ** 0.5,
        slips={
            "correction-assumed": lambda: _in_rates("adam"),
            "no-root": lambda: (1 - BETA1) / (1 - BETA2),
            "one-correction": lambda: (1 - BETA2) ** -0.5,
            "other-correction": lambda: 1 - BETA1,
            "exchanged": lambda: (1 - BETA2) / (1 - BETA1) ** 0.5,
            "old-share": lambda: BETA1 / BETA2**0.5,
        },
    ),
    "optim_scaled": Choice(_unchanged_by_scale),
    "optim_adam_reach": Number(
        lambda: round(_reach(), 8),
        slips={
            "momentum-gain": lambda: REACH * RATE / (1 - BETA1),
            "one-update-only": lambda: RATE,
            "no-rate": lambda: float(REACH),
            "root-of-count": lambda: REACH**0.5 * RATE,
        },
    ),
    "optim_decay": Number(
        lambda: _decayed("adamw"),
        slips={
            "l2-in-gradient": lambda: _decayed("adam"),
            "no-rate": lambda: (1 - DECAY) * DECAYING,
            "not-relative": lambda: DECAYING - DECAY_RATE * DECAY,
            "decay-only": lambda: (1 + DECAY_RATE * DECAY) * DECAYING,
        },
        before=lambda: DECAYING,
    ),
    "optim_steplr": Number(
        _stepped,
        slips={
            "not-rounded": lambda: STEPLR_START * STEPLR_FACTOR ** (STEPLR_AT / STEPLR_EVERY),
            "rounded-up": lambda: STEPLR_START * STEPLR_FACTOR**3,
            "once": lambda: STEPLR_START * STEPLR_FACTOR,
            "added-up": lambda: STEPLR_START * STEPLR_FACTOR * 2,
        },
    ),
    "lab_momentum_path": Choice(_lab_momentum_path),
    "lab_crosses_first": Choice(_lab_crosses_first),
    "lab_first_updates": Choice(_lab_first_updates),
}
