"""Training with the learner's function: each stays together with ours, each fault is said."""

from __future__ import annotations

import json
import os
import threading
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import UserError
from engine.training.lockstep import LockstepError
from lessons.exercises.catalog import exercises, find_exercise
from lessons.exercises.checking import code_of
from lessons.exercises.files import solution
from lessons.exercises.plugs import PLUGS
from lessons.exercises.process import Limits
from lessons.exercises.trainer import lockstep_of
from lessons.exercises.trainer import main as trainer_main
from lessons.exercises.training import USES, Course, read, train, use_of
from lessons.format.parser import running_text
from tests.unit.lessons.forked import forked
from tui.cli import main

__all__ = ["forked"]

QUICK = Limits(seconds=60)


def test_each_use_has_a_plug_and_the_others_say_so() -> None:
    assert set(USES) == set(PLUGS) < set(exercises())
    for use in USES.values():
        running_text(use.text)
    with pytest.raises(UserError, match="No training uses accuracy alone"):
        use_of(find_exercise("accuracy"))


@pytest.mark.parametrize("name", USES)
def test_the_solution_and_ours_stay_together(name: str) -> None:
    exercise = find_exercise(name)
    lockstep = lockstep_of(exercise, vars(code_of(exercise)))
    for now in islice(lockstep.run(), 4):
        assert now.is_together
        assert now.losses[1] == pytest.approx(now.losses[0], rel=1e-9)


PARTS: dict[str, dict[str, Any]] = {
    "sigmoid": {"sigmoid_slope": lambda z: 0.25 + 0 * z},
    "stable-softmax": {"softmax": lambda Z: np.full_like(Z, 1 / Z.shape[1])},
    "log-sum-exp": {"log_sum_exp": lambda z: z.max()},
    "softmax-gradient": {"score_gradient": lambda P, y: P / len(y)},
    "weight-gradients": {"gradients": lambda d, a: (d.T @ a, d.sum(axis=0))},
    "update": {"update": lambda ps, gs, r: [p - 1.01 * r * g for p, g in zip(ps, gs, strict=True)]},
    "regression-losses": {"squared": lambda p, t: np.mean((p - t) ** 2)},
    "mini-batches": {"batches": lambda X, y, n, rng: iter([(X[:n], y[:n])])},
    "kaiming": {"first_weights": lambda i, o, rng: rng.normal(0, 2 / i, (o, i))},
    "momentum": {"momentum": lambda w, v, g, rate, beta: (w - rate * g, v)},
}


@pytest.mark.parametrize("name", PARTS)
def test_a_slip_parts_from_ours(name: str) -> None:
    exercise = find_exercise(name)
    lockstep = lockstep_of(exercise, {**vars(code_of(exercise)), **PARTS[name]})
    steps = islice(lockstep.run(), 4)
    if name == "mini-batches":
        with pytest.raises(LockstepError, match="fewer or more"):
            list(steps)
    else:
        assert not list(steps)[-1].is_together


def in_this_process(name: str, path: Path, steps: int) -> Course:
    reading, writing = os.pipe()
    trainer_main(name, str(path), steps, "", writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as lines:
        return read(Course(name, USES[name].recipe), lines.read())


def written(tmp_path: Path, code: str) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(code)
    return path


UPDATE = """import numpy as np
count = 0
def update(parameters, gradients, rate):
    global count
    count += 1
    if count > 7:  # three tests, and four updates
        {}
    return [p - rate * g for p, g in zip(parameters, gradients)]
"""


@pytest.mark.parametrize(
    ("fault", "said", "rows"),
    [
        ("raise ValueError('no')", "At step 5 your code fails, in line 7: `ValueError: no`", 4),
        ("while True: pass", "After step 4: Your code did not come to an end in time", 4),
        ("return [p * np.nan for p in parameters]", "gives nan or inf", 4),
        (
            "return [p - 1.01 * rate * g for p, g in zip(parameters, gradients)]",
            "part at step 5",
            5,
        ),
        ("return parameters[:1]", "At step 5 the training with your code fails", 4),
        ("exit()", "leave out `exit()`", 4),
        ("import os; os._exit(3)", "ended the process (status 3)", 4),
    ],
)
@pytest.mark.usefixtures("forked")
def test_whatever_happens_costs_a_sentence(
    fault: str, said: str, rows: int, tmp_path: Path
) -> None:
    path = written(tmp_path, UPDATE.format(fault))
    if fault.startswith(("while", "import")):
        course = train(find_exercise("update"), path, 20, Limits(seconds=60, between=1))
    else:  # what ends by itself needs no process of its own here
        course = in_this_process("update", path, 20)
    assert course.is_over
    assert not course.together
    assert said in course.text
    assert len(course.rows) == rows
    assert "Traceback" not in course.output


@pytest.mark.usefixtures("forked")
def test_what_does_not_pass_does_not_train_and_stop_ends_it(tmp_path: Path) -> None:
    wrong = written(tmp_path, "def update(parameters, gradients, rate): return parameters\n")
    course = in_this_process("update", wrong, 5)
    assert not course.rows
    assert "must pass its tests first" in course.text
    stop = threading.Event()
    stop.set()
    stopped = train(find_exercise("update"), wrong, 5, QUICK, stop=stop)
    assert stopped.is_over
    assert stopped.text == "Stopped."


def test_the_command_prints_both_losses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right = str(written(tmp_path, solution(find_exercise("update"))))
    words = ["exercise", "train", "update", "--file", right, "--steps", "3"]
    assert main([*words, "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["together"]
    assert [each["step"] for each in row["steps"]] == [1, 2, 3]
    assert row["steps"][0]["ours"] == pytest.approx(row["steps"][0]["yours"])
    assert main(["exercise", "train", "accuracy", "--file", right]) == 2
