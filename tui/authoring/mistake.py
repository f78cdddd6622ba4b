"""The template of a mistake to find: a fence, and two programs that differ in one line."""

from __future__ import annotations

from engine.errors import UserError
from lessons.proof.completeness import MOST_COLUMNS
from tui.authoring.insertion import defines, readable, with_entry, with_import
from tui.authoring.lesson import files_of, with_fence
from tui.authoring.writing import Plan, checked_name, filled, module_name, shown, words

_FENCE = r"""
```mistake «name»
This program adds up some numbers. The sum is too small. Which line is wrong?

name: «words»
explain: `=` discards the sum so far, so only the last number counts; `+=` adds.
line "total = 0.0": A sum starts at 0. This is right.
line "for value": The loop visits every number. This is right.
hint: The result is one of the numbers. Which one?
hint: What happens to the total at the next number?
```
"""

_PROGRAMS = r'''
def faulty_«program»(values: list[float]) -> float:
    """The sum of some numbers."""
    total = 0.0
    for value in values:
        total = value
    return total


def «program»(values: list[float]) -> float:
    """The sum of some numbers."""
    total = 0.0
    for value in values:
        total += value
    return total


def _«program»(run: Program) -> Evidence:
    values = [1.0, 2.0, 4.0]
    found = run(values)
    facts = (Fact("numbers", numbers(values)), Fact("their sum", numbers([found])))
    return Evidence(Measure("distance from the sum", abs(found - sum(values)), 1e-9), facts)
'''

_ENTRY = """
"«name»": MistakeValues(
    "«program»",
    _«program»,
),"""

_EMPTY = r'''
"""The faulty and the repaired programs of `«slug»`."""

from __future__ import annotations

from collections.abc import Mapping

from lessons.judge.evidence import MistakeValues

MISTAKES: Mapping[str, MistakeValues] = {}
'''


def _programs(name: str) -> str:
    """Both programs; a long name leaves no room for the parameter beside it."""
    text = filled(_PROGRAMS, program=name)
    if len(text.splitlines()[0]) <= MOST_COLUMNS:
        return text
    return text.replace("(values: list[float]) ->", "(\n    values: list[float],\n) ->")


def mistake(lesson: str, name: str) -> Plan:
    """The plan of a new mistake to find; raises UserError if it cannot be made."""
    checked_name(name, "mistake")
    slug, folder = files_of(lesson)
    program = module_name(name)
    fence = filled(_FENCE, name=name, words=words(name))
    document, text = with_fence(folder, "mistake", name, fence)
    path = folder / "mistakes.py"
    is_new = not path.exists()
    before = filled(_EMPTY, slug=slug) if is_new else readable(path)
    for taken in (program, f"faulty_{program}", f"_{program}"):
        if defines(before, taken):
            raise UserError(f"{shown(path)} already defines {taken!r}. Choose another name.")
    needed = ["Evidence", "Fact", "Measure", "MistakeValues", "Program", "numbers"]
    found = with_import(before, "lessons.judge.evidence", needed)
    found = with_entry(
        found,
        path,
        "MISTAKES",
        filled(_ENTRY, name=name, program=program),
        above=_programs(program),
    )
    return Plan(
        {path: found} if is_new else {},
        {document: text} if is_new else {document: text, path: found},
        (
            f"the block is at the end of {shown(document)}: move it where it belongs",
            f"write both programs in {shown(path)}, the faulty one and the repaired one; they "
            "differ only in the faulty line",
            f"dltutor check {slug}   runs both",
        ),
    )
