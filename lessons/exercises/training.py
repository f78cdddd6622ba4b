"""Train a recipe with the learner's function in the place of ours, beside ours, step by step."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.errors import UserError
from engine.language import _
from engine.training.snapshot import Setting
from engine.training.turns import AlwaysFree, Turn
from engine.visitor import may_run_code
from lessons.exercises.exercise import Exercise
from lessons.exercises.process import Limits, launch

STEPS = 100
LIMITS = Limits(seconds=60.0, between=20.0)
"""Before the first update PyTorch is imported, and the data are loaded twice."""


@dataclass(frozen=True, slots=True)
class Use:
    """Where the function of an exercise is used."""

    recipe: str
    text: str
    """What it takes the place of. Markdown."""
    settings: Mapping[str, Setting] = field(default_factory=dict)


USES: Mapping[str, Use] = {
    "sigmoid": Use(
        "mlp", _("Your `sigmoid` goes forward in the hidden layer, and `sigmoid_slope` back."),
        {"activation": "sigmoid"},
    ),
    "relu": Use("mlp", _("Your `relu` goes forward in the hidden layer, and `relu_slope` back.")),
    "stable-softmax": Use("softmax", _("Your `softmax` gives the loss and its gradient.")),
    "log-sum-exp": Use("softmax", _("The loss is your `log_sum_exp`, less the true score.")),
    "cross-entropy": Use(
        "softmax", _("Your `cross_entropy` gives the loss; its gradient is ours, $p - y$.")
    ),
    "softmax-gradient": Use("softmax", _("Your `score_gradient` is where the way back begins.")),
    "one-hot": Use("softmax", _("The loss and its gradient use the labels of your `one_hot`.")),
    "weight-gradients": Use("softmax", _("Your `gradients` computes those of $W$ and $b$.")),
    "update": Use("linear", _("Your `update` moves the parameters.")),
    "regression-losses": Use(
        "linear", _("Your `squared` is the loss; its slope is a central difference of it.")
    ),
    "autograd-step": Use("linear", _("Your `step` makes each update.")),
    "mini-batches": Use("linear", _("Your `batches` reads the samples.")),
    "kaiming": Use("mnist-mlp", _("Your `first_weights` draws the weights to begin with.")),
    "momentum": Use(
        "mlp", _("Your `momentum` moves the parameters."), {"optimizer": "momentum", "lr": 0.05}
    ),
    "adam": Use("mlp", _("Your `adam` moves the parameters."), {"optimizer": "adam", "lr": 0.001}),
    "mlp-backward": Use("two-layer-numpy", _("Your `gradients` computes loss and gradients.")),
    "training-loop": Use("linear-concise", _("Your `train` makes each update.")),
    "module": Use("fizzbuzz", _("Your `Net` is the model.")),
    "fizzbuzz-encoder": Use("fizzbuzz", _("Your `encode` and `target` make the samples.")),
}  # fmt: skip
"""By the name of the exercise; the others are used by no recipe alone."""


@dataclass(frozen=True, slots=True)
class Row:
    """One update of both versions."""

    step: int
    ours: float
    """Mean loss over the batch before the update; so is `yours`."""
    yours: float
    difference: float
    """The largest difference between two parameters after it."""


@dataclass(frozen=True, slots=True)
class Course:
    """A training with the learner's function: so far, or as a whole."""

    exercise: str
    recipe: str
    dataset: str = ""
    """Empty until the first update."""
    rows: tuple[Row, ...] = ()
    is_over: bool = False
    together: bool | None = None
    """Whether both stayed together; None while it runs, and where it failed."""
    parted_at: int | None = None
    text: str = ""
    """What it comes to, as a sentence. Markdown."""
    output: str = ""
    """What the learner's code printed."""


def use_of(exercise: Exercise) -> Use:
    """Where the function is used; raises UserError where no recipe uses it alone."""
    use = USES.get(exercise.name)
    if use is None:
        told = _("No training uses {name} alone. These are used: {names}.")
        raise UserError(told.format(name=exercise.name, names=", ".join(USES)))
    return use


def train(
    exercise: Exercise,
    path: Path,
    steps: int = STEPS,
    limits: Limits = LIMITS,
    heard: Callable[[Course], None] | None = None,
    stop: threading.Event | None = None,
    data_dir: Path | None = None,
    turn: Turn | None = None,
) -> Course:
    """Train with the file at `path`, beside ours, in a process of its own, for `steps` updates.

    Whatever its code does, the answer says what happened. `heard` is called on this thread as the
    training goes on; setting `stop` ends it. Images are looked for in `data_dir`
    alone where it is given; where they are missing, the glyph set takes their
    place. Nothing is trained where `turn` has none. Raises UserError where no recipe uses the
    function.
    """
    begun = Course(exercise.name, use_of(exercise).recipe)

    def part(result: bytes) -> None:
        if heard is not None:
            heard(read(begun, result))

    turn = turn or AlwaysFree()
    if may_run_code() and (refused := turn.take()):
        return replace(begun, is_over=True, text=refused)
    words = [exercise.name, str(path), str(steps), str(data_dir or "")]
    try:
        ended = launch("lessons.exercises.trainer", words, limits, _is_over, part, stop)
    finally:
        turn.give_back()
    course = replace(read(begun, ended.result), output=ended.printed)
    if course.is_over:
        return course
    text = ended.reason
    if course.rows and ended.why != "stopped":
        told = _("After step {step}: {reason}")
        text = told.format(step=course.rows[-1].step, reason=text)
    return replace(course, is_over=True, text=text)


def _is_over(result: bytes) -> bool:
    return read(Course("", ""), result[result.rfind(b"\n", 0, -1) + 1 :]).is_over


def read(course: Course, result: bytes) -> Course:
    """What the lines say; one that is not whole yet, or not ours, is left out."""
    rows = []
    for line in result.splitlines():
        try:
            found = json.loads(line)
            match found["event"]:
                case "start":
                    course = replace(course, dataset=str(found["dataset"]))
                case "step":
                    ours, yours = map(float, found["losses"])
                    rows.append(Row(int(found["step"]), ours, yours, float(found["difference"])))
                case "end":
                    course = replace(
                        course, is_over=True, together=found["together"],
                        parted_at=found["parted_at"], text=str(found["text"]),
                    )  # fmt: skip
        except (ValueError, KeyError, TypeError):
            continue
    return replace(course, rows=tuple(rows))


def shown_rows(course: Course) -> list[Row]:
    """The first updates, then fewer and fewer, and the last."""

    def is_round(step: int) -> bool:
        while step % 10 == 0:
            step //= 10
        return step in (1, 2, 5)

    last = course.rows[-1:]
    return [row for row in course.rows if is_round(row.step) and row not in last] + [*last]
