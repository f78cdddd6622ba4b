"""The templates of questions: a fence in the lesson, and its answer in the facts."""

from __future__ import annotations

from typing import NamedTuple

from engine.errors import UserError
from tui.authoring.insertion import defines, readable, with_entry, with_import
from tui.authoring.lesson import files_of, with_fence
from tui.authoring.verdicts import with_table
from tui.authoring.writing import Plan, checked_name, filled, shown


class Skeleton(NamedTuple):
    """The template of one kind of question."""

    fence: str
    values: str
    """Its entry in QUESTIONS."""
    imports: str
    """The class of its values."""


_NUMBER = Skeleton(
    r"""
```predict «name»
A table has 3 rows and 2 columns. How many entries does it have?

right: 3 \cdot 2
slip «name»-added "added, not multiplied": You added. Each *row* has as many entries as there are
  columns. :: 3 + 2
hint idea: count the entries of one row, then the rows.
hint formula: rows times columns.
hint numbers: $3 \cdot 2$
explain: 3 rows of 2 entries make [6](number:«name»).
```
""",
    """
"«name»": Number(
    lambda: 3.0 * 2.0,
    slips={"«name»-added": lambda: 3.0 + 2.0},
),""",
    "Number",
)
_CHOICE = Skeleton(
    r"""
```predict «name»
Which of these is the largest?

option slip «name»-added "added, not multiplied": the sum of 3 and 2 :: That is less than their
  product. :: 3 + 2 :: 3 \cdot 2
right option: the product of 3 and 2 :: It is larger than the sum and the difference.
option: the difference of 3 and 2 :: That is the smallest.
```
""",
    """
"«name»": Choice(
    lambda: max(range(3), key=(3 + 2, 3 * 2, 3 - 2).__getitem__),
),""",
    "Choice",
)
_SIGN = Skeleton(
    r"""
```predict «name»
What is the sign of 2 − 3?

wrong slip sign: You subtracted the smaller from the larger. Here the larger is subtracted. ::
  3 - 2 :: 2 - 3
explain: The larger number is subtracted, so the result is negative.
```
""",
    '"«name»": Sign(lambda: 2.0 - 3.0),',
    "Sign",
)
_SHAPE = Skeleton(
    r"""
```predict «name»
A matrix has 3 rows and 2 columns. Which shape does its transpose have?

slip «name»-as-it-was "the transpose left out": That is the matrix itself. Its transpose has a row
  for each *column*. :: \begin{bmatrix} 1 & 2 \\ 3 & 4 \\ 5 & 6 \end{bmatrix} ::
  \begin{bmatrix} 1 & 3 & 5 \\ 2 & 4 & 6 \end{bmatrix}
hint idea: transposing turns rows into columns.
hint formula: the two sizes swap places.
hint numbers: 3 rows and 2 columns become 3 columns and 2 rows.
explain: Each of the 2 columns becomes a row.
```
""",
    """
"«name»": Shape(
    lambda: tuple(reversed((3, 2))),
    slips={"«name»-as-it-was": lambda: (3, 2)},
),""",
    "Shape",
)
_ORDER = Skeleton(
    r"""
```predict «name»
Put these in order, the smallest first.

item: 2 minus 3 :: The larger number is subtracted, so it is below 0.
item: 3 minus 2 :: It is above 0, and less than the product.
item: 3 times 2 :: It is the largest.
explain: The difference is negative one way round and positive the other.
```
""",
    """
"«name»": Order(
    lambda: tuple(sorted(range(3), key=(2 - 3, 3 - 2, 3 * 2).__getitem__)),
),""",
    "Order",
)
_FILL = Skeleton(
    r"""
```predict «name»
Which factor is missing?

formula: 6 = 3 \cdot \square
factor: 2 :: Three times 2 makes 6.
factor slip «name»-difference "a difference, not a factor": 6 - 3 :: That must be *added* to 3.
factor: 3 :: Three times 3 is too much.
```
""",
    '"«name»": Fill(«notation»),',
    "Fill",
)
KINDS = {
    "number": _NUMBER, "choice": _CHOICE, "sign": _SIGN, "shape": _SHAPE, "order": _ORDER,
    "fill": _FILL,
}  # fmt: skip

_NO_FACTS = r'''
"""The values behind `«slug»`: notation, numbers and answers."""

from __future__ import annotations

from collections.abc import Mapping

from lessons.judge.values import QuestionValues

QUESTIONS: Mapping[str, QuestionValues] = {}
'''


def question(lesson: str, name: str, kind: str) -> Plan:
    """The plan of a new question of a lesson; raises UserError if it cannot be made."""
    checked_name(name, "question")
    slug, folder = files_of(lesson)
    skeleton = KINDS[kind]
    document, text = with_fence(folder, "predict", name, filled(skeleton.fence, name=name))
    path = folder / "facts.py"
    is_new = not path.exists()
    facts = filled(_NO_FACTS, slug=slug) if is_new else readable(path)
    if f'"{name}":' in facts:
        raise UserError(f"{shown(path)} already has an entry {name!r}. Choose another name.")
    if not defines(facts, "QUESTIONS"):
        facts = with_import(facts, "collections.abc", ["Mapping"])
        facts = with_import(facts, "lessons.judge.values", ["QuestionValues"])
        facts = f"{facts.rstrip()}\n\nQUESTIONS: Mapping[str, QuestionValues] = {{}}\n"
    notation = "NOTATION" if defines(facts, "NOTATION") else "Notation()"
    facts = with_import(facts, "lessons.judge.values", [skeleton.imports])
    if kind == "fill" and notation == "Notation()":
        facts = with_import(facts, "engine.formulas.notation", ["Notation"])
    entry = filled(skeleton.values, name=name, notation=notation)
    facts = with_entry(facts, path, "QUESTIONS", entry)
    table = with_table(slug, name, kind, f"{name}-")
    files = {document: text, path: facts, **table}
    return Plan(
        {each: files[each] for each in (path, *table) if not each.exists()},
        {each: found for each, found in files.items() if each.exists()},
        (
            f"the question is at the end of {shown(document)}: move it where it belongs",
            f"write its answer, and the result of each slip, in {shown(path)}",
            *(f"write answers to it and their verdicts in {shown(each)}" for each in table),
            f"dltutor preview {shown(document)}   shows it",
            f"dltutor check {slug}   proves it",
        ),
    )
