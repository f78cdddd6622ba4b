"""The numbers and questions of `backprop/update-loop`: the worked network after many updates."""

from __future__ import annotations

from functools import lru_cache

from engine.formulas.proving import value_of
from engine.network import BiasMode
from engine.slips import Slip as WorkedSlip
from engine.slips import slip_round, slip_updates
from engine.worked_example import Problem, worked_example
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    Slip,
)
from lessons.course.backprop.update_loop.facts import NOTATION

UPDATES = 10_000
_FIRST = WorkedSlip.UPDATED_WEIGHTS_FIRST


@lru_cache(maxsize=16)
def _trained(mode: BiasMode, updates: int) -> Problem:
    """The worked network after so many updates."""
    return worked_example(mode).after(updates)


@lru_cache(maxsize=4)
def _trained_with_slip(updates: int) -> Problem:
    """The same with frozen biases and the new output weights used too early."""
    return slip_updates(worked_example(BiasMode.FROZEN), _FIRST, updates)


def _loss_after(mode: BiasMode, updates: int) -> NumberCheck:
    return NumberCheck(lambda: _trained(mode, updates).trace().loss)


def _value(symbol: str, mode: BiasMode = BiasMode.PER_UNIT) -> float:
    return worked_example(mode).trace().values()[symbol]


def _squared_norm() -> float:
    """‖∇E‖² over all weights and biases of the worked network."""
    gradients = worked_example().trace().backward.gradients.flat()
    return float(gradients @ gradients)


def _real_change() -> float:
    """By how much E really changes with one update."""
    return _trained(BiasMode.PER_UNIT, 1).trace().loss - worked_example().trace().loss


def _slip_grows_with_rate() -> int:
    """By which factor the slip's error in δ grows where η doubles: the index of the option."""
    wrong_part = r"\| \tilde\delta^{(l)} - \delta^{(l)} \|"
    once, twice = (value_of(wrong_part, NOTATION.fixed(r"\eta", rate)) for rate in (1.0, 2.0))
    return [abs(twice / once - factor) < 1e-9 for factor in (1.0, 2.0)].index(True)


BOOK = CheckBook(
    "backprop",
    numbers={
        "loop_updates": NumberCheck(lambda: UPDATES),
        "loop_start": NumberCheck(lambda: worked_example().trace().loss),
        "loop_norm": NumberCheck(_squared_norm),
        "loop_change": NumberCheck(_real_change),
        "loop_delta_right": NumberCheck(lambda: _value("δ_h1")),
        "loop_delta_slip": NumberCheck(
            lambda: slip_round(worked_example(), _FIRST).values()["δ_h1"]
        ),
        "loop_frozen_1": _loss_after(BiasMode.FROZEN, 1),
        "loop_unit_1": _loss_after(BiasMode.PER_UNIT, 1),
        "loop_shared_1": _loss_after(BiasMode.SHARED, 1),
        "loop_frozen_end": _loss_after(BiasMode.FROZEN, UPDATES),
        "loop_unit_end": _loss_after(BiasMode.PER_UNIT, UPDATES),
        "loop_shared_end": _loss_after(BiasMode.SHARED, UPDATES),
        "loop_o1": NumberCheck(
            lambda: float(_trained(BiasMode.FROZEN, UPDATES).trace().forward.output[0])
        ),
        "loop_o2": NumberCheck(
            lambda: float(_trained(BiasMode.FROZEN, UPDATES).trace().forward.output[1])
        ),
        "loop_slip_1": NumberCheck(lambda: _trained_with_slip(1).trace().loss),
        "loop_slip_end": NumberCheck(lambda: _trained_with_slip(UPDATES).trace().loss),
        "loop_slip_o1": NumberCheck(
            lambda: float(_trained_with_slip(UPDATES).trace().forward.output[0])
        ),
        "loop_slip_o2": NumberCheck(
            lambda: float(_trained_with_slip(UPDATES).trace().forward.output[1])
        ),
        "loop_delta_o1": NumberCheck(lambda: _value("δ_o1")),
        "loop_delta_o2": NumberCheck(lambda: _value("δ_o2")),
    },
    predicts={
        "loop_new_bias": NumberQuestion(
            answer=lambda: _value("b_o1⁺"),
            explanation=r"The old bias minus $\eta$ times its gradient, and the gradient of a bias "
            "is the delta.",
            slips=(
                Slip(
                    "wrong-way",
                    lambda: 2 * _value("b_o1") - _value("b_o1⁺"),
                    "You went up the slope. The update subtracts, so that the loss falls.",
                    line=r"b_{o1}^{+} = b_{o1} + \eta \, \delta_{o1}",
                    right=r"b_{o1}^{+} = b_{o1} - \eta \, \delta_{o1}",
                ),
                Slip(
                    "no-rate",
                    lambda: _value("b_o1") - _value("δ_o1"),
                    r"You moved by the whole gradient. Multiply it by the learning rate $\eta$ "
                    "first.",
                    line=r"b_{o1}^{+} = b_{o1} - \delta_{o1}",
                    right=r"b_{o1}^{+} = b_{o1} - \eta \, \delta_{o1}",
                ),
            ),
            tolerance=1e-3,
            hints=Hints(
                idea="a bias moves as a weight does: against its gradient.",
                formula=r"$b_{o1}^{+} = b_{o1} - \eta \, \delta_{o1}$",
                numbers=r"$b_{o1}^{+} \approx 0.60 - 0.5 \cdot \num{loop_delta_o1}{0.138498562}$",
            ),
        ),
        "loop_predicted_change": NumberQuestion(
            answer=lambda: -worked_example().lr * _squared_norm(),
            explanation="Minus the learning rate times the squared length of the gradient. "
            "It is negative: the loss falls.",
            slips=(
                Slip(
                    "wrong-way",
                    lambda: worked_example().lr * _squared_norm(),
                    "The size is right. A step *against* the gradient makes the loss smaller, so "
                    "the change is negative.",
                    line=r"L(\theta - \eta g) - L(\theta) \approx \eta \, \| \nabla L \|^2",
                    right=r"L(\theta - \eta g) - L(\theta) \approx -\eta \, \| \nabla L \|^2",
                ),
                Slip(
                    "no-rate",
                    lambda: -_squared_norm(),
                    r"You left out the learning rate $\eta = 0.5$.",
                    line=r"L(\theta - \eta g) - L(\theta) \approx -\| \nabla L \|^2",
                    right=r"L(\theta - \eta g) - L(\theta) \approx -\eta \, \| \nabla L \|^2",
                ),
            ),
            tolerance=5e-3,
            hints=Hints(
                idea=(
                    "a small step changes the loss by its slope times its length, and the step "
                    "goes downhill."
                ),
                formula=r"$L(\theta - \eta g) - L(\theta) \approx -\eta \, \| \nabla L \|^2$",
                numbers=(
                    r"$L(\theta - \eta g) - L(\theta) \approx "
                    r"-0.5 \cdot \num{loop_norm}{0.0354}$"
                ),
            ),
        ),
        "loop_slip_rate": ChoiceQuestion(
            options=(
                Option(
                    "It stays the same: the deltas do not depend on the learning rate.",
                    r"Right deltas do not. These do: the moved weights hold $\eta$, and so does "
                    "the last line above.",
                    slip="updated-weights-first",
                    line=(
                        r"\delta_{h1} = (\delta_{o1} w_5^{+} + \delta_{o2} w_7^{+})\, "
                        r"\sigma'(z_{h1})"
                    ),
                    right_line=(
                        r"\delta_{h1} = (\delta_{o1} w_5 + \delta_{o2} w_7)\, \sigma'(z_{h1})"
                    ),
                ),
                Option(
                    "It doubles.",
                    r"The wrong part is $\eta$ times something that does not depend on $\eta$.",
                    right=True,
                ),
            ),
            proof=_slip_grows_with_rate,
        ),
        "loop_shared_gradient": NumberQuestion(
            answer=lambda: _value("∂E/∂b2", BiasMode.SHARED),
            explanation="The sum of both deltas. The second one is negative.",
            slips=(
                Slip(
                    "one-output-only",
                    lambda: _value("δ_o1"),
                    "That is the part of unit 1. The bias acts on the loss through both units.",
                    line=r"\frac{\partial L}{\partial b} = \delta_{o1}",
                    right=r"\frac{\partial L}{\partial b} = \delta_{o1} + \delta_{o2}",
                ),
                Slip(
                    "mean",
                    lambda: _value("∂E/∂b2", BiasMode.SHARED) / 2,
                    "That is the mean. Ways to the loss add up; they are not averaged.",
                    line=r"\frac{\partial L}{\partial b} = \tfrac12 (\delta_{o1} + \delta_{o2})",
                    right=r"\frac{\partial L}{\partial b} = \delta_{o1} + \delta_{o2}",
                ),
                Slip(
                    "sign",
                    lambda: _value("δ_o1") - _value("δ_o2"),
                    "The second delta is negative. Add it with its sign.",
                    line=r"\frac{\partial L}{\partial b} = \delta_{o1} - \delta_{o2}",
                    right=r"\frac{\partial L}{\partial b} = \delta_{o1} + \delta_{o2}",
                ),
            ),
            hints=Hints(
                idea="one bias acts on the loss through both units, and ways add up.",
                formula=r"$\frac{\partial L}{\partial b} = \delta_{o1} + \delta_{o2}$",
                numbers=(
                    r"$\frac{\partial L}{\partial b} \approx \num{loop_delta_o1}{0.138498562} + "
                    r"(\num{loop_delta_o2}{-0.038098237})$"
                ),
            ),
        ),
    },
)
