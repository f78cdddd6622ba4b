"""The template of a lesson, and its place in the contents."""

from __future__ import annotations

from pathlib import Path

import yaml

from engine.errors import UserError
from lessons.format.catalog import COURSE, Catalog
from tui.authoring.verdicts import with_table
from tui.authoring.writing import Plan, checked_file_name, filled, module_name, shown

_LESSON = r"""
---
minutes: 10
picture: line
goals:
  - say what the weight does to the input
  - compute the output by hand
symbols:
  - ['x', 'the input']
  - ['w', 'the weight']
  - ['y', 'the output: $y = w x$']
---
## What it is for
Say first what this is for, then how it is computed. One idea per step; a step fits one screen.

$$y = w x$$

First with numbers. The first row gives them:

```numbers two_steps
w = 4 \quad x = 1
y = 4 \cdot 1 = 4
w (x + 1) = 4 \cdot 2 = 8 :: one more $x$
y + w = 4 + 4 = 8 :: the same
```

A derivation goes line by line, each line with the reason why it follows:

```derivation two_steps
w (x + 1) = w x + w :: multiply out
= y + w :: definition of $y$
```

## A question
```predict first
The weight is $w =$ [3](number:w), and the input is $x =$ [2](number:x). What is $y$?

right: w x
slip added "added for multiplied": You added. The weight *multiplies* the input. :: w + x
hint idea: the weight scales the input.
hint formula: $y = w x$
hint numbers: $y = 3 \cdot 2$
explain: $y = w x =$ [6](number:first).
```
"""

_FACTS = r'''
"""The values behind `«slug»`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.formulas.notation import Notation
from lessons.judge.values import Number, QuestionValues

W, X = 3.0, 2.0
"""The weight and the input in the numerical examples."""

NOTATION = Notation().drawn("x").drawn("w").defined("y = w x", "")
"""Every symbol of the lesson; its formulas are proved with random values of x and w."""

SCOPES = {
    "first": NOTATION.given(w=W, x=X),
}
"""The notation of single blocks: here the question has numbers."""

NUMBERS: Mapping[str, Callable[[], float]] = {
    "w": lambda: W,
    "x": lambda: X,
}

QUESTIONS: Mapping[str, QuestionValues] = {
    "first": Number(lambda: W * X, slips={"added": lambda: W + X}),
}
'''

_FIGURES = r'''
"""What makes the figures of `«slug»`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lessons.course.«package».facts import W, X
from lessons.format.drawings import Curve, Drawing, Hue, Line


def line() -> Curve:
    """The output over the input: the picture on the card of the lesson."""
    return Curve((Line("y", lambda x: W * x, Hue.WEIGHT),), 0.0, 2 * X, "x")


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "line": line,
}
'''


def lesson(slug: str, title: str, chapter_title: str = "") -> Plan:
    """The plan of a new lesson; raises UserError if it cannot be made."""
    chapter, stroke, name = slug.partition("/")
    if not stroke:
        raise UserError(f"{slug!r} is not CHAPTER/NAME, such as backprop/chain-rule.")
    checked_file_name(chapter, "chapter")
    checked_file_name(name, "lesson")
    if "_" in slug:
        raise UserError(f"Write a lesson's name with hyphens: {slug.replace('_', '-')}.")
    course = Catalog(COURSE)
    path = COURSE / "contents.yaml"
    text = path.read_text("utf-8")
    there = next((entry for entry in course.entries() if entry.slug == slug), None)
    if there is not None and there.is_written:
        raise UserError(f"The lesson {slug!r} already exists. Choose another name.")
    title = title or (there.title if there else "")
    if not title:
        raise UserError('The lesson needs a title: --title "Title of the lesson".')
    placed = text if there else _placed(text, chapter, name, title, chapter_title)
    folder = COURSE / module_name(chapter) / module_name(name)
    new = {
        folder / "__init__.py": f'"""The lesson `{slug}`."""\n',
        folder / "facts.py": filled(_FACTS, slug=slug),
        folder / "figures.py": filled(
            _FIGURES, slug=slug, package=f"{module_name(chapter)}.{module_name(name)}"
        ),
        folder / "lesson.en.md": filled(_LESSON),
    }
    if not (package := folder.parent / "__init__.py").exists():
        new[package] = f'"""The chapter `{chapter}`."""\n'
    table = with_table(slug, "first", "number")
    return Plan(
        {**new, **table},
        {path: placed} if placed != text else {},
        (
            f"dltutor preview {shown(folder / 'lesson.en.md')}   shows it as you write",
            f"dltutor check {slug}   proves every line, number and answer",
            f"dltutor new question {slug} NAME   adds a question",
            f"{shown(path)} holds the order of the lessons: move the new line where it belongs",
            *(f"{shown(each)} has answers and their verdicts: see CONTRIBUTING" for each in table),
        ),
    )


def _placed(text: str, chapter: str, name: str, title: str, chapter_title: str) -> str:
    """The contents with the lesson at the end of its chapter."""
    contents = yaml.safe_load(text)
    slugs = [found["slug"] for found in contents]
    entry = f"    {_yaml({name: title})}\n"
    if chapter not in slugs:
        if not chapter_title:
            raise UserError(
                f"There is no chapter {chapter!r}. The chapters are {', '.join(slugs)}. "
                f'To add one, give --chapter-title "Title of the chapter".'
            )
        head = f"- slug: {chapter}\n  {_yaml({'title': chapter_title})}\n  lessons:\n"
        placed = f"{text.rstrip()}\n{head}{entry}"
    else:
        lines = text.splitlines(keepends=True)
        begins = [at for at, line in enumerate(lines) if line.startswith("- ")]
        begin = begins[slugs.index(chapter)]
        end = next((at for at in begins if at > begin), len(lines))
        while not lines[end - 1].strip() or lines[end - 1].startswith("#"):
            end -= 1
        placed = "".join([*lines[:end], entry, *lines[end:]])
    found = {each["slug"]: each["lessons"] for each in yaml.safe_load(placed)}
    if found[chapter].get(name) != title:
        raise UserError(f"contents.yaml has an unusual layout. Add `{name}: {title}` by hand.")
    return placed


def _yaml(value: dict[str, str]) -> str:
    return yaml.safe_dump(value, allow_unicode=True, width=1000).strip()


def files_of(slug: str) -> tuple[str, Path]:
    """The full slug of a written lesson, and its folder; raises UserError."""
    course = Catalog(COURSE)
    entry = course.entry(slug)
    if entry.path is None:
        raise UserError(
            f"The lesson {entry.slug!r} is not written yet. `dltutor new lesson {entry.slug}` "
            "creates it."
        )
    return entry.slug, entry.path.parent


def with_fence(folder: Path, kind: str, name: str, fence: str) -> tuple[Path, str]:
    """The file of a lesson and its text with one more fence at the end; raises UserError."""
    path = folder / "lesson.en.md"
    text = path.read_text("utf-8")
    if f"```{kind} {name}\n" in text:
        raise UserError(f"{shown(path)} already has a {kind} {name!r}. Choose another name.")
    return path, f"{text.rstrip()}\n\n{fence}"
