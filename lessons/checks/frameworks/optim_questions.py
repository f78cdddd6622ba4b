"""The questions and numbers of `frameworks/optim`."""

from __future__ import annotations

import numpy as np

from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Factor,
    FillQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    SignQuestion,
    Slip,
)
from lessons.checks.optimiser_rules import by_torch, ones
from lessons.course.frameworks.optim.facts import (
    ALPHA,
    BETA1,
    BETA2,
    BIG_RATE,
    REACH,
    SCOPES,
)

RATE = 1e-4
SCALE = 1000
"""What the loss is multiplied by."""


def _velocity(gradients: list[float]) -> float:
    """The velocity that torch.optim keeps after these gradients."""
    return by_torch("momentum", np.array(gradients), RATE).memory["momentum_buffer"]


def _shelf_updates() -> float:
    from lessons.examples.frameworks_optim import UPDATES

    return float(UPDATES)


def _shelf_rate() -> float:
    from lessons.examples.frameworks_optim import SHELF_RATE

    return SHELF_RATE


def _in_rates(name: str) -> float:
    """How many learning rates the first update moves a weight whose gradient is 1."""
    return abs(by_torch(name, ones(1), RATE).move) / RATE


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


_VELOCITY = r"v_t = \mu \, v_{t-1} + g_t"
_THIRD = r"v_3 = \mu^2 \, g_1 + \mu \, g_2 + g_3"
_FIRST = r"\frac{|w_1 - w_0|}{\eta} = \frac{1}{\sqrt{1 - \alpha}}"
_FIRST_RULE = r"|w_1 - w_0| = \eta \, \frac{|g_1|}{\sqrt{(1 - \alpha) \, g_1^2}}"
_UNCORRECTED = (
    r"\frac{m_1}{\sqrt{s_1}} = \frac{(1 - \beta_1) \, g_1}{\sqrt{(1 - \beta_2) \, g_1^2}}"
)
_REACH = r"|w_t - w_0| \approx t \, \eta"

BOOK = CheckBook(
    "frameworks",
    numbers={
        "optim_gain": NumberCheck(
            lambda: by_torch("momentum", ones(400), RATE).memory["momentum_buffer"]
        ),
        "optim_hundred": NumberCheck(lambda: ALPHA**100),
        "optim_five": NumberCheck(lambda: _velocity([1.0] * 5)),
        "optim_updates": NumberCheck(_shelf_updates),
        "optim_shelf": NumberCheck(_shelf_rate),
        "optim_scale": NumberCheck(lambda: SCALE),
        "optim_big_rate": NumberCheck(lambda: BIG_RATE),
    },
    predicts={
        "optim_velocity": NumberQuestion(
            answer=lambda: _velocity([1.0, 1.0, 1.0]),
            explanation="$v_1 = 1$, then $v_2 = 0.9 \\cdot 1 + 1 = 1.9$, then $v_3 = 0.9 \\cdot "
            "1.9 + 1$. The steps get longer "
            "although the slope does not.",
            tolerance=1e-3,
            slips=(
                Slip(
                    "plain-sum",
                    lambda: 3.0,
                    "That adds the gradients up and loses nothing. With each update, only "
                    "$\\mu = 0.9$ of the old velocity stays.",
                    line=r"v_3 = g_1 + g_2 + g_3",
                    right=_THIRD,
                ),
                Slip(
                    "no-memory",
                    lambda: 1.0,
                    "That is the newest gradient alone. The velocity of before is not forgotten.",
                    line=r"v_3 = g_3",
                    right=_THIRD,
                ),
                Slip(
                    "mean",
                    lambda: 0.1 * _velocity([1.0, 1.0, 1.0]),
                    "That weighs the new gradient by $1 - \\mu = 0.1$, as a running mean does. "
                    "Momentum adds "
                    "the whole gradient.",
                    line=r"v_3 = (1 - \mu) \, (\mu^2 \, g_1 + \mu \, g_2 + g_3)",
                    right=_THIRD,
                ),
                Slip(
                    "one-update-less",
                    lambda: _velocity([1.0, 1.0]),
                    "That is $v_2$. One more update is to be made.",
                    line=r"v_3 = \mu \, v_1 + g_2",
                    right=r"v_3 = \mu \, v_2 + g_3",
                ),
            ),
            hints=Hints(
                idea="begin with a velocity of 0, and use the rule three times.",
                formula=f"${_VELOCITY}$",
                numbers=r"$v_3 = 0.9 \cdot (0.9 \cdot 1 + 1) + 1$",
            ),
        ),
        "optim_rolls_on": SignQuestion(
            value=lambda: _velocity([1.0] * 5 + [-1.0]),
            explanation="The velocity was [4.095](number:optim_five), and one opposite gradient "
            "takes 1 away from $\\mu = 0.9$ of it. So the weight rolls on past the bottom, and "
            "comes back "
            "only later.",
            feedback="How large was the velocity after five updates? One gradient against it does "
            "not stop it at once.",
            slip="no-memory",
            line=r"v_6 = g_6",
            right_line=r"v_6 = \mu \, v_5 + g_6",
        ),
        "optim_share": FillQuestion(
            formula=r"s_t = \alpha \, s_{t-1} + \square \, g_t^2",
            factors=(
                Factor(
                    r"(1 - \alpha)",
                    "The larger $\\alpha$ is, the more of the old mean stays and the less of what "
                    "is "
                    "new comes in.",
                ),
                Factor(
                    "1",
                    "That is a running sum, like the velocity of momentum. It would grow to "
                    "many times the mean.",
                    slip="sum-for-mean",
                ),
                Factor(
                    r"\alpha",
                    "Then both shares add up to $2 \\alpha$.",
                ),
            ),
            notation=SCOPES["optim_share"],
        ),
        "optim_first_step": NumberQuestion(
            answer=lambda: _in_rates("rmsprop"),
            explanation="$s_1$ is a hundredth of $g_1^2$, its root a tenth of $|g_1|$. So the "
            "first step is ten times $\\eta$, whatever the gradient is.",
            slips=(
                Slip(
                    "correction-assumed",
                    lambda: 1.0,
                    "That would be so if $s_1$ were $g_1^2$. But the mean begins at 0, and only "
                    "one part in a hundred is new.",
                    line=r"\frac{|w_1 - w_0|}{\eta} = \frac{|g_1|}{\sqrt{g_1^2}}",
                    right=r"\frac{|w_1 - w_0|}{\eta} = \frac{|g_1|}{\sqrt{(1 - \alpha) \, g_1^2}}",
                ),
                Slip(
                    "no-root",
                    lambda: 1 / (1 - ALPHA),
                    "That divides by $s_1$. The rule divides by its root.",
                    line=r"\frac{|w_1 - w_0|}{\eta} = \frac{1}{1 - \alpha}",
                    right=_FIRST,
                ),
                Slip(
                    "upside-down",
                    lambda: (1 - ALPHA) ** 0.5,
                    "The root is a tenth of the gradient, and the rule *divides* by it.",
                    line=r"\frac{|w_1 - w_0|}{\eta} = \sqrt{1 - \alpha}",
                    right=_FIRST,
                ),
            ),
            hints=Hints(
                idea="find $s_1$ from $s_0 = 0$ first, then divide the gradient by its root.",
                formula=f"${_FIRST_RULE}$",
                numbers=r"$|w_1 - w_0| / \eta = 1 / \sqrt{1 - 0.99}$",
            ),
        ),
        "optim_uncorrected": NumberQuestion(
            answer=lambda: (1 - BETA1) / (1 - BETA2) ** 0.5,
            explanation="$m_1 / \\sqrt{s_1} = 0.1 / \\sqrt{0.001}$. Both means are too small, but "
            "not by the same "
            "factor: the root of the second is the smaller one, so the first steps would be too "
            "long.",
            slips=(
                Slip(
                    "correction-assumed",
                    lambda: _in_rates("adam"),
                    "That is the step *with* the corrections. Without them $m_1$ is a tenth of "
                    "the gradient.",
                    line=r"\frac{\hat m_1}{\sqrt{\hat s_1}}",
                    right=r"\frac{m_1}{\sqrt{s_1}}",
                ),
                Slip(
                    "no-root",
                    lambda: (1 - BETA1) / (1 - BETA2),
                    "That divides by $s_1$. The rule divides by its root.",
                    line=r"\frac{1 - \beta_1}{1 - \beta_2}",
                    right=r"\frac{1 - \beta_1}{\sqrt{1 - \beta_2}}",
                ),
                Slip(
                    "one-correction",
                    lambda: (1 - BETA2) ** -0.5,
                    "That leaves out the correction of $s_1$ only. $m_1$ is not corrected either.",
                    line=r"\frac{\hat m_1}{\sqrt{s_1}}",
                    right=r"\frac{m_1}{\sqrt{s_1}}",
                ),
                Slip(
                    "other-correction",
                    lambda: 1 - BETA1,
                    "That leaves out the correction of $m_1$ only. $s_1$ is not corrected either.",
                    line=r"\frac{m_1}{\sqrt{\hat s_1}}",
                    right=r"\frac{m_1}{\sqrt{s_1}}",
                ),
            ),
            hints=Hints(
                idea="after one update each mean holds only its own share of the first gradient.",
                formula=f"${_UNCORRECTED}$",
                numbers=r"$m_1 / \sqrt{s_1} = (1 - 0.9) / \sqrt{1 - 0.999}$",
            ),
        ),
        "optim_scaled": ChoiceQuestion(
            options=(
                Option(
                    "SGD",
                    "Its direction is the gradient, so every step gets [1000](number:optim_scale) "
                    "times as "
                    "long. It would need a thousandth of the learning rate.",
                ),
                Option(
                    "Momentum",
                    "The velocity is a sum of gradients: it gets [1000](number:optim_scale) times "
                    "as large, and so do "
                    "the steps.",
                ),
                Option(
                    "Adam",
                    "The mean gets 1000 times as large, and so does the root of the squares. "
                    "In their quotient the factor cancels; only $\\varepsilon$ remembers it.",
                    right=True,
                ),
            ),
            proof=_unchanged_by_scale,
        ),
        "optim_adam_reach": NumberQuestion(
            answer=_reach,
            explanation="$t = 500$ steps of $\\eta$ each, whatever the gradient is: with equal "
            "gradients "
            "the corrected mean is the gradient, and the root of the squares is its size. "
            "If you start farther from the goal, you need a larger rate, or more updates.",
            slips=(
                Slip(
                    "momentum-gain",
                    lambda: REACH * RATE / (1 - BETA1),
                    "Ten times the rate is what momentum comes to, as it keeps a *sum*. Adam keeps "
                    "a mean: $\\hat m_t = 1$.",
                    line=r"|w_t - w_0| \approx t \, \frac{\eta}{1 - \beta_1}",
                    right=_REACH,
                ),
                Slip(
                    "one-update-only",
                    lambda: RATE,
                    "That is one update. There are $t = 500$ of them.",
                    line=r"|w_t - w_0| \approx \eta",
                    right=_REACH,
                ),
                Slip(
                    "no-rate",
                    lambda: float(REACH),
                    "That counts the updates. Each of them moves the weight by $\\eta$ only.",
                    line=r"|w_t - w_0| \approx t",
                    right=_REACH,
                ),
            ),
            hints=Hints(
                idea="how far is one step of Adam, and how many are there?",
                formula=f"${_REACH}$",
                numbers=r"$|w_t - w_0| \approx 500 \cdot 10^{-4}$",
            ),
        ),
    },
)
