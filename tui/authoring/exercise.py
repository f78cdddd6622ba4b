"""The template of an exercise: a function that learners write, and that tests judge."""

from __future__ import annotations

import json
from pathlib import Path

from engine.errors import UserError
from lessons.exercises.catalog import COURSE, exercises
from tui.authoring.lesson import files_of
from tui.authoring.writing import ROOT, Plan, checked_file_name, filled, module_name, shown, words

_TEXT = r'''
---
title: «title»
lesson: «lesson»
minutes: 3
place: «place»
---
Write `«function»(z)`: twice each element of the array `z`.

```starter
import numpy as np


def «function»(z):
    """Twice each element of z."""
    ...
```

hint: NumPy multiplies a whole array at once, so no loop is needed.

hint: `np.add(z, 1)` adds 1 to each element. Which sign multiplies each by 2?

slip squared "the square": Your function multiplies `z` by itself. Multiply it by 2.
'''

_CODE = r'''
"""«title»: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

FUNCTIONS = ("«function»",)
"""What the learner writes."""


def «function»(z: Any) -> Any:
    """Twice each element of z."""
    return 2 * z


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "squared": {"«function»": lambda z: z * z},
}
"""What takes the place of the solution where a learner makes the slip."""


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """The tests, the smallest first; all random numbers come from `rng`."""
    yield call("«function»", np.array([1.0, -3.0]))
    yield call("«function»", rng.normal(size=(2, 3)))
'''


_TESTS = ROOT / "tests" / "unit" / "lessons"
_WRONG = (
    ("the square", "squared", "z * z"),
    ("2 is added", None, "z + 2"),
    ("nothing is done", None, "z"),
)
"""Of programs that others might write: what is wrong, the slip that says so, what is returned."""
_RIGHT = ("z + z", "np.multiply(2, z)", "[2 * each for each in z]")


def _programs(own: str, function: str) -> dict[Path, str]:
    """The programs that the tests have for each exercise, with those of one more.

    Empty where there are no tests, as in an installed copy.
    """
    begin = f"import numpy as np\ndef {function}(z):\n    return "
    wrong = [
        {"wrong": what, "slip": slip, "code": f"{begin}{found}\n"} for what, slip, found in _WRONG
    ]
    right = [f"{begin}{found}\n" for found in _RIGHT]
    found: dict[Path, str] = {}
    for name, programs in (("held_out_programs", wrong), ("right_programs", right)):
        path = _TESTS / f"{name}.json"
        if path.exists():
            every = {**json.loads(path.read_text("utf-8")), own: programs}
            found[path] = f"{json.dumps(every, indent=1)}\n"
    return found


def exercise(name: str, lesson: str) -> Plan:
    """The plan of a new exercise of a lesson; raises UserError if it cannot be made."""
    module = module_name(checked_file_name(name, "exercise"))
    own = module.replace("_", "-")
    slug, _ = files_of(lesson)
    if own in exercises():
        raise UserError(f"The exercise {own!r} already exists. Choose another name.")
    folder = COURSE / module
    values = {
        "title": words(name).capitalize(),
        "lesson": slug,
        "function": module,
        "place": str(max((each.text.place for each in exercises().values()), default=0) + 10),
    }
    changed = _programs(own, module)
    return Plan(
        {
            folder / "__init__.py": f'"""{values["title"]}."""\n',
            folder / "exercise.en.md": filled(_TEXT, **values),
            folder / "exercise.py": filled(_CODE, **values),
        },
        changed,
        next=(
            f"write what is asked in {shown(folder / 'exercise.en.md')}, its hints and slips",
            f"write the solution and the tests in {shown(folder / 'exercise.py')}",
            f"the lesson shows it with the block ```exercise {own}",
            *(f"write programs of others, right or wrong, in {shown(path)}" for path in changed),
            f"pytest tests/unit/lessons -k {own}   tests it, and those programs",
        ),
    )
