"""Wrong programs that were written apart from the slips: each gets a true sentence.

`held_out_programs.json` holds at least three for each exercise, what is wrong in words, and the
slip that is named for it, or none where no slip says exactly that. `right_programs.json` holds
right ones in several styles: loops, NumPy, PyTorch, lists, single precision.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

from lessons.exercises.catalog import exercises, find_exercise
from lessons.exercises.checking import Report, check
from lessons.format.parser import running_text
from tests.cases import for_each

PROGRAMS = json.loads(Path(__file__).with_name("held_out_programs.json").read_text("utf-8"))
RIGHT = json.loads(Path(__file__).with_name("right_programs.json").read_text("utf-8"))


def checked(name: str, code: str) -> Report:
    namespace: dict[str, object] = {"__name__": "exercise"}
    exec(compile(code, "mine.py", "exec"), namespace)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what wrong programs provoke
        return check(find_exercise(name), namespace, "mine.py")


@pytest.mark.parametrize("name", RIGHT)
def test_no_right_program_is_refused(name: str) -> None:
    assert len(RIGHT[name]) >= 3
    for code in RIGHT[name]:
        report = checked(name, code)
        assert report.passed, code + report.text


def test_every_exercise_has_some() -> None:
    assert {*PROGRAMS} == {*RIGHT} == {*exercises()}
    assert all(len(found) >= 3 for found in PROGRAMS.values())


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_slip_is_the_one_that_was_made(name: str) -> None:
    for program in PROGRAMS[name]:
        report = checked(name, program["code"])
        assert not report.passed, program["wrong"]
        assert report.slip == program["slip"], program["wrong"]
        assert running_text(report.text)


@for_each(
    ("name", "code", "said"),
    [
        ("momentum", "def momentum(w, v, g, rate, beta):\n    v = beta * v + g\n"
         "    return v, w - rate * v\n", "come in the wrong order"),
        ("one-hot", "import numpy as np\ndef one_hot(y, c):\n    return 2 * np.eye(c)[y]\n",
         "2 times the right result"),
        ("kaiming", "import numpy as np\ndef first_weights(i, o, rng):\n"
         "    return np.random.normal(0, np.sqrt(2 / i), (o, i))\n", "draw from `rng` alone"),
        ("update", "def update(ps, gs, rate):\n    return (p - rate * g for p, g in zip(ps, gs))\n",
         "gives a `generator`"),
        ("mlp-backward", "import numpy as np\ndef gradients(X, Y, W1, W2):\n"
         "    H = X @ W1\n    D = np.maximum(H, 0) @ W2 - Y\n    G = 2 * D @ W2.T * (H > 0)\n"
         "    return (D**2).sum(), X.T @ G, np.maximum(H, 0).T @ D\n", "0.5 times the right"),
        ("kaiming", "import numpy as np\ndef first_weights(i, o, rng):\n"
         "    return -rng.normal(0, np.sqrt(2 / i), (o, i))\n", "sign is the wrong one"),
    ],
)  # fmt: skip
def test_what_holds_for_all_numbers_is_said(name: str, code: str, said: str) -> None:
    namespace: dict[str, object] = {}
    exec(code, namespace)
    assert said in check(find_exercise(name), namespace).text
