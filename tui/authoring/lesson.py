"""The skeleton of a lesson, and its place in the contents."""

from __future__ import annotations

from pathlib import Path

import yaml

from engine.errors import UserError
from lessons.format.catalog import COURSE, Catalog
from tui.authoring.writing import Plan, checked_name, filled, module_name, shown

_LESSON = r"""
---
minutes: 10
symbols:
  - ['x', 'what goes in']
  - ['w', 'the weight']
  - ['y', 'what comes out: $y = w x$']
---
## What it is for
Say first what this is for, then how it is computed. One idea a step, and a step fits a screen.

$$y = w x$$

A derivation goes on line by line, each with the reason why it follows:

```derivation two_steps
w (x + 1) = w x + w :: multiply out
= y + w :: definition of $y$
```

## A question
```predict first
The weight is $w =$ [3](number:w), and $x =$ [2](number:x) goes in. What is $y$?

right: w x
slip added "added, not multiplied": You added. The weight *multiplies* what goes in. :: w + x
hint idea: a weight says how much of $x$ comes out.
hint formula: $y = w x$
hint numbers: $y = 3 \cdot 2$
explain: $y = w x =$ [6](number:first).
```
"""

_FACTS = r'''
"""What the formulas of `«slug»` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.formulas.notation import Notation
from lessons.judge.values import Number, QuestionValues

W, X = 3.0, 2.0
"""The weight and what goes in, where the lesson has numbers."""

NOTATION = Notation().drawn("x").drawn("w").defined("y = w x", "")
"""Every symbol of the lesson; its formulas are proved on random draws of x and w."""

SCOPES = {
    "first": NOTATION.given(w=W, x=X),
}
"""What some blocks speak of instead: here the question has numbers."""

NUMBERS: Mapping[str, Callable[[], float]] = {
    "w": lambda: W,
    "x": lambda: X,
}

QUESTIONS: Mapping[str, QuestionValues] = {
    "first": Number(lambda: W * X, slips={"added": lambda: W + X}),
}
'''


def lesson(slug: str, title: str, chapter_title: str = "") -> Plan:
    """The plan of a new lesson; raises UserError where it cannot be."""
    chapter, stroke, name = slug.partition("/")
    if not stroke:
        raise UserError(f"{slug!r} is no CHAPTER/NAME, such as backprop/chain-rule.")
    checked_name(chapter, "chapter")
    checked_name(name, "lesson")
    if "_" in slug:
        raise UserError(f"The slug of a lesson has hyphens: {slug.replace('_', '-')}.")
    course = Catalog(COURSE)
    path = COURSE / "contents.yaml"
    text = path.read_text("utf-8")
    there = next((entry for entry in course.entries() if entry.slug == slug), None)
    if there is not None and there.is_written:
        raise UserError(f"The lesson {slug!r} is there already. Choose another name.")
    title = title or (there.title if there else "")
    if not title:
        raise UserError('The lesson needs a title: --title "What it is called".')
    placed = text if there else _placed(text, chapter, name, title, chapter_title)
    folder = COURSE / module_name(chapter) / module_name(name)
    new = {
        folder / "__init__.py": f'"""The lesson `{slug}`."""\n',
        folder / "facts.py": filled(_FACTS, slug=slug),
        folder / "lesson.en.md": filled(_LESSON),
    }
    if not (package := folder.parent / "__init__.py").exists():
        new[package] = f'"""The chapter `{chapter}`."""\n'
    return Plan(
        new,
        {path: placed} if placed != text else {},
        (
            f"dltutor preview {shown(folder / 'lesson.en.md')}   lays it out as you write",
            f"dltutor check {slug}   proves every line, number and answer",
            f"dltutor new question {slug} NAME   adds a question",
            f"{shown(path)} has the order of the lessons: move its line to where it belongs",
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
                f"There is no chapter {chapter!r}; there are {', '.join(slugs)}. "
                f'--chapter-title "What it is called" makes it.'
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
        raise UserError(f"contents.yaml has an unusual form. Write `{name}: {title}` into it.")
    return placed


def _yaml(value: dict[str, str]) -> str:
    return yaml.safe_dump(value, allow_unicode=True, width=1000).strip()


def files_of(slug: str) -> tuple[str, Path]:
    """The slug of a written lesson in full, and its folder; raises UserError."""
    course = Catalog(COURSE)
    entry = course.entry(slug)
    if entry.path is None:
        raise UserError(
            f"The lesson {entry.slug!r} is not written yet. `dltutor new lesson {entry.slug}` "
            "begins it."
        )
    return entry.slug, entry.path.parent


def with_fence(folder: Path, kind: str, name: str, fence: str) -> tuple[Path, str]:
    """The file of a lesson and its text with one fence more at its end; raises UserError."""
    path = folder / "lesson.en.md"
    text = path.read_text("utf-8")
    if f"```{kind} {name}\n" in text:
        raise UserError(f"{shown(path)} has a {kind} {name!r} already. Choose another name.")
    return path, f"{text.rstrip()}\n\n{fence}"
